"""Claims, judged: is this what the derivative, or an identity, really is?"""

from symjac.verify.verdict import Counterexample, Verdict
from symjac.verify.verify import verify, verify_identity

__all__ = ["Counterexample", "Verdict", "verify", "verify_identity"]
