"""symjac beside its peers, measured in one run; never part of the tests."""
