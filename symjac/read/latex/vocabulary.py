"""The words of LaTeX mathematics that are read: fonts, accents, letters, functions, signs, and what is refused by name."""

from __future__ import annotations


def words(text: str) -> list[str]:
    """Return the words of a text."""
    return text.split()


LETTER, NUMBER, WORD, TEXT = "letter", "number", "word", "text"
COMMAND, ACCENT, SCRIPT, PRIME = "command", "accent", "script", "prime"
OPEN, CLOSE, BAR, BRACE = "open", "close", "bar", "brace"
SIGN, RELATION, LEAD, DOTS = "sign", "relation", "lead", "dots"
CELL, ROW, BEGIN, FINISH, END = "cell", "row", "begin", "finish", "end"
"""The kinds of tokens. A WORD is a run of upright letters, a TEXT is prose, a COMMAND is a macro with a grammar of its own."""

GREEK = frozenset(
    words(
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi "
        "chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega Alpha Beta Epsilon Zeta Eta Iota Kappa "
        "Mu Nu Omicron Rho Tau Chi varepsilon vartheta varphi varrho varsigma varpi varGamma varDelta varTheta varLambda "
        "varSigma varPhi varPsi varOmega"
    )
)

LETTERS = {**{name: name for name in GREEK}, "ell": "ell", "imath": "i", "jmath": "j", "hbar": "hbar", "lambdabar": "lambda"}

VARIANTS = {name: name.removeprefix("var") for name in GREEK if name.startswith("var")}
"""Other shapes of a Greek letter, which stand for the letter where it alone is declared."""

BOLD, UPRIGHT, SANS, ARROW = "bold", "upright", "sans", "arrow"
CALLIGRAPHIC, HOLLOW, ITALIC = "calligraphic", "hollow", "italic"

FONTS = {
    **dict.fromkeys(("mathbf", "boldsymbol", "bm", "textbf", "bold", "pmb", "bf", "bfseries", "mathbold", "vb", "vb*"), BOLD),
    **dict.fromkeys(("mathrm", "operatorname", "operatorname*", "textrm", "rm", "mathup", "textup", "mathop"), UPRIGHT),
    **dict.fromkeys(("mathsf", "textsf", "sf", "mathtt", "texttt", "tt"), SANS),
    **dict.fromkeys(("vec", "overrightarrow", "underline", "va", "underbar", "undertilde"), ARROW),
    **dict.fromkeys(("mathcal", "mathscr", "cal", "mathfrak", "frak"), CALLIGRAPHIC),
    **dict.fromkeys(("mathbb", "mathds", "mathbbm", "Bbb"), HOLLOW),
    **dict.fromkeys(("mathit", "textit", "it", "mathnormal", "emph", "sl"), ITALIC),
}
TO_THE_END = frozenset(("bf", "bfseries", "rm", "sf", "tt", "cal", "frak", "it", "sl"))
"""Fonts that hold up to the end of their group, instead of taking an argument."""

PROSE = frozenset(("text", "mbox", "hbox", "textnormal", "intertext", "shortintertext"))

ACCENTS = {
    **dict.fromkeys(("hat", "widehat"), "hat"),
    **dict.fromkeys(("bar", "overline"), "bar"),
    **dict.fromkeys(("tilde", "widetilde"), "tilde"),
    **{name: name for name in ("dot", "ddot", "check", "breve", "acute", "grave", "mathring")},
}
COMBINING = {"\u0302": "hat", "\u0304": "bar", "\u0305": "bar", "\u0303": "tilde", "\u0307": "dot", "\u0308": "ddot"}

SILENT = frozenset(
    words(
        "quad qquad enspace thinspace medspace thickspace negthinspace displaystyle textstyle scriptstyle "
        "scriptscriptstyle limits nolimits nonumber notag hfill big Big bigg Bigg relax allowbreak nobreak strut "
        "mathstrut hline noindent qty centering space mathbin mathrel mathord mathopen mathclose mathinner ensuremath "
        "leavevmode smallskip null"
    )
)
"""Spaces, sizes and other things that mean nothing."""

WITH_ARGUMENT = frozenset(
    ("label", "tag", "tag*", "hspace", "hspace*", "vspace", "vspace*", "phantom", "vphantom", "hphantom", "color")
)
"""What means nothing together with its argument."""

FUNCTIONS = {
    **dict.fromkeys(("tr", "Tr", "trace", "Trace", "trc", "TR"), "tr"),
    **dict.fromkeys(("det", "Det", "determinant"), "det"),
    **dict.fromkeys(("diag", "Diag", "DIAG", "diagonal"), "diag"),
    **dict.fromkeys(("vec", "Vec", "vect", "vecop", "vectorize"), "vec"),
    **dict.fromkeys(("log", "ln", "Log"), "log"),
    **dict.fromkeys(("exp", "Exp"), "exp"),
    **dict.fromkeys(("relu", "ReLU", "RELU", "Relu"), "relu"),
    **dict.fromkeys(("softmax", "Softmax", "SoftMax"), "softmax"),
    **dict.fromkeys(("sigmoid", "Sigmoid"), "sigmoid"),
    **dict.fromkeys(("softplus", "Softplus"), "softplus"),
    **dict.fromkeys(("CE", "CrossEntropy", "crossentropy"), "CE"),
    **dict.fromkeys(("logsumexp", "LogSumExp", "lse", "LSE"), "logsumexp"),
    **{name: name for name in ("tanh", "sin", "cos", "sqrt", "norm", "abs", "kron", "inv")},
}
"""Function words and the name that stands in the tree."""

PLAIN = frozenset(FUNCTIONS) - {"TR", "trc", "diagonal", "Log", "Exp", "lse", "LSE"}
"""Function words that are known among ordinary letters, too."""

SWALLOWING = frozenset(("tr", "det"))
"""Functions that take a whole product when no bracket follows: tr AB, det XᵀX."""

FUNCTION_LETTERS = frozenset(
    ("f", "g", "h", "F", "G", "phi", "varphi", "psi", "sigma", "rho", "L", "J", "ell", "S", "s", "a", "C", "E")
)
"""Letters that are functions where a bracket follows and no declaration knows them."""

IDENTITY_WORDS = frozenset(("Id", "id", "Eye", "eye", "ID"))

REFUSED = {
    "prod": "products over an index are not read; write the factors",
    "int": "integrals are not read",
    "iint": "integrals are not read",
    "oint": "integrals are not read",
    "lim": "limits are not read",
    "min": "minima are not read",
    "sup": "suprema are not read",
    "inf": "infima are not read",
    "arg": "arg is not read",
    "argmin": "arg min is not read",
    "argmax": "arg max is not read",
    "pm": "± says two things at once; write two claims",
    "mp": "∓ says two things at once; write two claims",
    "star": "⋆ has no fixed meaning; write \\odot for the entrywise product or \\otimes for the Kronecker product",
    "bullet": "• has no fixed meaning; write \\odot for the entrywise product or \\cdot for the matrix product",
    "diamond": "⋄ has no fixed meaning; write \\odot or \\otimes",
    "oplus": "direct sums (⊕) are not read; write the Kronecker products out",
    "dagger": "the conjugate transpose is not read; real matrices have ^T",
    "propto": "∝ is not an equation; write the factor",
    "sim": "~ is not an equation",
    "in": "membership is not read",
    "forall": "quantifiers are not read",
    "exists": "quantifiers are not read",
    "infty": "∞ is not a number here",
    "left": "\\left wants a bracket after it",
    "right": "\\right wants a bracket after it",
    "binom": "binomial coefficients are not read",
    "newcommand": "macros cannot be defined here",
    "def": "macros cannot be defined here",
    "input": "files are not read",
    "include": "files are not read",
    "Pr": "probabilities are not read",
    "ominus": "⊖ is not read",
    "bigotimes": "products over an index are not read; write the factors",
    "rank": "the rank has no derivative",
    "sign": "sign is not a function that is known here",
    "sgn": "sign is not a function that is known here",
}

COMMANDS: dict[str, tuple[str, str]] = {
    **{name: (WORD, name) for name in FUNCTIONS if name not in ("vec", "sqrt")},
    **{name: (COMMAND, name) for name in ("sqrt", "sum", "partial", "nabla", "over", "top", "prime", "substack", "pdv", "dv")},
    "max": (COMMAND, "max"),
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac", "flatfrac"), (COMMAND, "frac")),
    **dict.fromkeys(("intercal", "transp", "transpose", "trans"), (COMMAND, "intercal")),
    "T": (COMMAND, "top"),
    "tp": (COMMAND, "top"),
    "dd": (LETTER, "d"),
    **dict.fromkeys(
        ("cdots", "ldots", "dots", "dotsc", "dotsb", "dotsm", "vdots", "ddots", "iddots", "hdots", "adots"), (DOTS, "")
    ),
    "cdot": (SIGN, "cdot"),
    "cdotp": (SIGN, "cdot"),
    "times": (SIGN, "times"),
    "ast": (SIGN, "ast"),
    "otimes": (SIGN, "otimes"),
    "kron": (SIGN, "otimes"),
    "odot": (SIGN, "odot"),
    "hadamard": (SIGN, "odot"),
    "circ": (SIGN, "circ"),
    "oslash": (SIGN, "oslash"),
    "colon": (SIGN, ":"),
    "div": (SIGN, "/"),
    "land": (SIGN, "land"),
    "wedge": (SIGN, "land"),
    "lor": (SIGN, "lor"),
    "vee": (SIGN, "lor"),
    "langle": (OPEN, "<"),
    "rangle": (CLOSE, ">"),
    "lbrack": (OPEN, "["),
    "rbrack": (CLOSE, "]"),
    "lbrace": (OPEN, "\\{"),
    "rbrace": (CLOSE, "\\}"),
    "lparen": (OPEN, "("),
    "rparen": (CLOSE, ")"),
    **dict.fromkeys(("Vert", "lVert", "rVert"), (BAR, "||")),
    **dict.fromkeys(("vert", "lvert", "rvert", "mid"), (BAR, "|")),
    **dict.fromkeys(
        ("equiv", "triangleq", "coloneqq", "coloneq", "doteq", "approx", "simeq", "cong", "eqqcolon"), (RELATION, "=")
    ),
    **dict.fromkeys(("ne", "neq"), (RELATION, "ne")),
    "lt": (RELATION, "lt"),
    "gt": (RELATION, "gt"),
    **dict.fromkeys(("le", "leq", "leqslant"), (RELATION, "le")),
    **dict.fromkeys(("ge", "geq", "geqslant"), (RELATION, "ge")),
    "therefore": (LEAD, "therefore"),
    **dict.fromkeys(
        words(
            "Rightarrow implies iff Leftrightarrow Longrightarrow Longleftrightarrow rightarrow to longrightarrow Rrightarrow"
        ),
        (LEAD, "implies"),
    ),
    "Id": (WORD, "Id"),
    "id": (WORD, "Id"),
    "lgroup": (OPEN, "("),
    "rgroup": (CLOSE, ")"),
    "backslash": (SIGN, "\\"),
    "llbracket": (OPEN, "["),
    "rrbracket": (CLOSE, "]"),
    "tanh": (WORD, "tanh"),
    "d": (LETTER, "d"),
    "R": (LETTER, "R"),
}

CHARACTERS: dict[str, tuple[str, str]] = {
    "+": (SIGN, "+"), "-": (SIGN, "-"), "−": (SIGN, "-"), "–": (SIGN, "-"), "—": (SIGN, "-"), "/": (SIGN, "/"),
    "*": (SIGN, "*"), "÷": (SIGN, "/"), "∕": (SIGN, "/"), "⁄": (SIGN, "/"), "∗": (SIGN, "ast"), "·": (SIGN, "cdot"),
    "⋅": (SIGN, "cdot"), "∙": (SIGN, "cdot"), "×": (SIGN, "times"), "⊗": (SIGN, "otimes"), "⊙": (SIGN, "odot"),
    "∘": (SIGN, "circ"), "⊘": (SIGN, "oslash"), "◦": (SIGN, "circ"), "○": (SIGN, "circ"), ",": (SIGN, ","),
    ":": (SIGN, ":"), ";": (SIGN, ";"), ".": (SIGN, "."), "!": (SIGN, "!"), "(": (OPEN, "("), ")": (CLOSE, ")"),
    "[": (OPEN, "["), "]": (CLOSE, "]"), "⟨": (OPEN, "<"), "⟩": (CLOSE, ">"), "|": (BAR, "|"), "∣": (BAR, "|"),
    "‖": (BAR, "||"), "∥": (BAR, "||"), "=": (RELATION, "="), "≡": (RELATION, "="), "≜": (RELATION, "="),
    "≈": (RELATION, "="), "≠": (RELATION, "ne"), "<": (RELATION, "lt"), ">": (RELATION, "gt"), "≤": (RELATION, "le"),
    "≥": (RELATION, "ge"), "∴": (LEAD, "therefore"), "⇒": (LEAD, "implies"), "⟹": (LEAD, "implies"), "→": (LEAD, "implies"),
    "⇔": (LEAD, "implies"), "'": (PRIME, "'"), "’": (PRIME, "'"), "′": (PRIME, "'"), "‘": (PRIME, "'"), "″": (PRIME, "''"),
    "^": (SCRIPT, "^"), "_": (SCRIPT, "_"), "{": (BRACE, "{"), "}": (BRACE, "}"), "&": (CELL, "&"), "∑": (COMMAND, "sum"),
    "∂": (COMMAND, "partial"), "∇": (COMMAND, "nabla"), "√": (COMMAND, "sqrt"), "⊤": (COMMAND, "top"),
    "⊺": (COMMAND, "intercal"), "…": (DOTS, "…"), "⋯": (DOTS, "⋯"), "⋮": (DOTS, "⋮"), "⋱": (DOTS, "⋱"),
    "ℓ": (LETTER, "ell"), "∧": (SIGN, "land"), "∨": (SIGN, "lor"), "𝟙": (NUMBER, "1"),
}  # fmt: skip

RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵀᵗⁱⁿ", "0123456789+-()Ttin", strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₖₗₘₙₓₚₜ", "0123456789+-ijklmnxpt", strict=True))
"""Unicode superscripts and subscripts, and what they raise and lower."""

TRANSPOSES = {"T": "T", "t": "t", "top": "top", "intercal": "intercal", "'": "prime", "prime": "prime", "tr": "T"}
"""Superscripts that transpose, and their marks."""

INFIX = {"otimes": "otimes", "odot": "odot", "circ": "circ", "oslash": "oslash", ":": "colon", "ast": "khatri"}
JOINS = frozenset(("*", "cdot", "times"))

MATRICES = frozenset(
    ("matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "psmallmatrix", "bsmallmatrix")
)
_ALIGNED = words("align aligned alignat alignedat gather gathered equation split multline eqnarray flalign displaymath math")
ALIGNMENTS = frozenset(name + star for name in _ALIGNED for star in ("", "*"))
CONDITIONS = {
    **dict.fromkeys(("if", "for", "when", "where", "wenn", "falls", "whenever", "in case"), ""),
    **dict.fromkeys(
        ("otherwise", "else", "elsewhere", "sonst", "in all other cases", "other", "ow", "if not", "everywhere else"),
        "otherwise",
    ),
    **dict.fromkeys(("and", "und", "&"), "and"),
    **dict.fromkeys(("or", "oder"), "or"),
}
"""Words among conditions: "" is passed over."""
