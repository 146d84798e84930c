package latex

// synonyms are commands that mean the same as others.
var synonyms = map[string]string{
	"tfrac": "frac", "dfrac": "frac", "cfrac": "frac", "nicefrac": "frac", "sfrac": "frac", "flatfrac": "frac",
	"intercal": "top", "transp": "top", "transpose": "top", "trans": "top", "tran": "top", "transposed": "top", "tp": "top",
	"bigcdot": "cdot", "centerdot": "cdot", "bullet": "cdot", "boldsymbol": "mathbf", "bm": "mathbf", "pmb": "mathbf", "bold": "mathbf", "mathbfit": "mathbf",
	"symbf": "mathbf", "symbfit": "mathbf", "vb": "mathbf", "vectorbold": "mathbf", "textbf": "mathbf", "mathbfsf": "mathbf",
	"mathup": "mathrm", "mathit": "mathrm", "mathsf": "mathrm", "mathtt": "mathrm", "mathnormal": "mathrm", "textit": "mathrm", "symrm": "mathrm",
	"operatorname*": "operatorname", "mathop": "operatorname", "operatornamewithlimits": "operatorname",
	"mathscr": "mathcal", "mathfrak": "mathcal", "symcal": "mathcal", "EuScript": "mathcal",
	"ne": "neq", "le": "leq", "ge": "geq", "leqslant": "leq", "geqslant": "geq", "to": "rightarrow", "longrightarrow": "rightarrow", "mapsto": "rightarrow",
	"ldots": "dots", "cdots": "dots", "dotsc": "dots", "dotsb": "dots", "hdots": "dots", "dotso": "dots",
	"triangleq": "coloneqq", "doteq": "coloneqq", "coloneq": "coloneqq", "eqdef": "coloneqq", "equiv": "coloneqq", "defeq": "coloneqq", "vcentcolon": "colon",
	"ddagger": "dagger", "dag": "dagger", "bar": "bar", "overline": "bar", "widehat": "hat", "widetilde": "tilde", "overrightarrow": "vec",
	"mathds": "mathbb", "mathbbm": "mathbb", "dsone": "mathbbone", "1": "mathbbone", "one": "mathbbone", "ones": "mathbbone", "onevec": "mathbbone",
	"reals": "R", "Reals": "R", "RR": "R", "Real": "R", "real": "R", "tr": "tr", "Tr": "tr", "trace": "tr", "Trace": "tr", "dif": "differential",
	"dd": "differential", "diff": "differential", "st": "subjectto", "suchthat": "subjectto", "succcurlyeq": "succeq", "hadamard": "odot",
	"hprod": "odot", "had": "odot", "kron": "otimes", "ast": "ast", "star": "star", "land": "wedge", "arg": "arg", "argmin": "argmin", "argmax": "argmax",
	"norm": "norm", "abs": "abs", "inner": "inner", "innerproduct": "inner", "varnothing": "emptyset",
	"over": "over", "dotproduct": "cdot", "cross": "times", "hbar": "hbar", "Sum": "sum",
	"varSigma": "Sigma", "varOmega": "Omega", "varLambda": "Lambda", "varGamma": "Gamma", "varDelta": "Delta", "varTheta": "Theta",
	"varPhi": "Phi", "varPsi": "Psi", "varPi": "Pi", "varXi": "Xi",
}

// signCommand maps characters to the command that they stand for.
var signCommand = map[rune]string{
	'∑': "sum", '√': "sqrt", '∂': "partial", '∇': "nabla", '⊙': "odot", '∘': "circ", '⊗': "otimes", '⊘': "oslash", '·': "cdot", '⋅': "cdot",
	'∙': "cdot", '•': "cdot", '×': "times", '÷': "div", '⊤': "top", '⊺': "top", '∈': "in", 'ℝ': "R", '†': "dagger", '‖': "Vert", '∥': "Vert", '⟨': "langle",
	'⟩': "rangle", '〈': "langle", '〉': "rangle", '∣': "vert", '≻': "succ", '⪰': "succeq", '≥': "geq", '≤': "leq", '≠': "neq", '∞': "infty", '≜': "coloneqq", '≔': "coloneqq",
	'≡': "coloneqq", '…': "dots", '⋯': "dots", '∏': "prod", '∫': "int", '→': "rightarrow", '↦': "rightarrow", '𝟏': "mathbbone", '𝟙': "mathbbone",
	'∝': "propto", '≈': "approx", '∼': "sim", '∖': "setminus", '∪': "cup", '∩': "cap", '±': "pm", '∀': "forall", '∃': "exists", '⊂': "subset", '⊆': "subseteq",
	'∗': "ast",
}

// plainSign maps characters to the ASCII sign that they stand for.
var plainSign = map[rune]string{'−': "-", '–': "-", '′': "'", '’': "'", '‘': "'", '∕': "/", '⁄': "/", '，': ",", '；': ";", '：': ":", '（': "(", '）': ")", '＝': "=", '＋': "+", '。': "."}

var superscripts = map[rune]string{'ᵀ': "top", '⁻': "-", '⁺': "+", '⁰': "0", '¹': "1", '²': "2", '³': "3", '⁴': "4", '⁵': "5", '⁶': "6", '⁷': "7", '⁸': "8", '⁹': "9",
	'ⁿ': "n", 'ⁱ': "i", 'ᵏ': "k", 'ᵐ': "m", 'ᵖ': "p", '⁽': "(", '⁾': ")"}

var subscripts = map[rune]string{'₀': "0", '₁': "1", '₂': "2", '₃': "3", '₄': "4", '₅': "5", '₆': "6", '₇': "7", '₈': "8", '₉': "9", '₊': "+", '₋': "-",
	'ₐ': "a", 'ₑ': "e", 'ₕ': "h", 'ᵢ': "i", 'ⱼ': "j", 'ₖ': "k", 'ₗ': "l", 'ₘ': "m", 'ₙ': "n", 'ₒ': "o", 'ₚ': "p", 'ᵣ': "r", 'ₛ': "s", 'ₜ': "t", 'ᵤ': "u", 'ᵥ': "v", 'ₓ': "x"}

// accents are the commands that put an accent on a name, and the word of the
// name.
var accents = map[string]string{"bar": "bar", "hat": "hat", "tilde": "tilde", "dot": "dot", "ddot": "ddot", "vec": "vec",
	"check": "check", "breve": "breve", "acute": "acute", "grave": "grave", "underline": "", "mathring": "ring"}

// markAccents maps combining marks to accents.
var markAccents = map[rune]string{0x300: "grave", 0x301: "acute", 0x302: "hat", 0x303: "tilde", 0x304: "bar", 0x305: "bar",
	0x306: "breve", 0x307: "dot", 0x308: "ddot", 0x30C: "check", 0x20D7: "vec"}

// functionCommands maps commands to functions of the language.
var functionCommands = map[string]string{
	"exp": "exp", "log": "log", "ln": "log", "sin": "sin", "cos": "cos", "tan": "tan", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
	"sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "det": "det", "tr": "tr", "max": "max", "min": "min", "diag": "diag", "Diag": "diag", "vec": "vec",
	"softmax": "softmax", "sign": "sign", "sgn": "sign", "sigmoid": "sigmoid", "relu": "relu", "ReLU": "relu", "logdet": "logdet", "erf": "erf", "th": "tanh", "sh": "sinh", "ch": "cosh",
	"logsumexp": "logsumexp", "softplus": "softplus",
}

// functionWords maps words, as in \operatorname{…}, to functions of the
// language where they are called otherwise there.
var functionWords = map[string]string{
	"Tr": "tr", "trace": "tr", "Trace": "tr", "TR": "tr", "Sp": "tr", "Det": "det", "Diag": "diag", "DIAG": "diag", "Vec": "vec", "VEC": "vec", "arsinh": "asinh",
	"arcsinh": "asinh", "arcosh": "acosh", "arccosh": "acosh", "artanh": "atanh", "arctanh": "atanh", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
	"Softmax": "softmax", "SoftMax": "softmax", "smax": "softmax", "LSE": "logsumexp", "LogSumExp": "logsumexp", "lse": "logsumexp",
	"Sigmoid": "sigmoid", "sigm": "sigmoid", "expit": "sigmoid", "logistic": "sigmoid", "ReLU": "relu", "RELU": "relu", "Relu": "relu", "sgn": "sign", "Sign": "sign", "Sgn": "sign",
	"ln": "log", "Log": "log", "Exp": "exp", "Tanh": "tanh", "heaviside": "step", "Softplus": "softplus", "SoftPlus": "softplus", "pinv": "pinv", "erf": "erf", "mat": "",
	"adjugate": "adj", "Adj": "adj", "inv": "inv", "Cov": "", "logdet": "logdet",
}

// refusals say of commands why they are not read, and what to write instead.
var refusals = map[string][2]string{
	"prod":                {"products over an index are not read", "the logarithm of a product is the sum of the logarithms"},
	"int":                 {"integrals are not read", ""},
	"iint":                {"integrals are not read", ""},
	"oint":                {"integrals are not read", ""},
	"lim":                 {"limits are not read", ""},
	"sup":                 {"suprema are not read", ""},
	"inf":                 {"infima are not read", ""},
	"pm":                  {"± stands for two expressions", "write one of them"},
	"mp":                  {"∓ stands for two expressions", "write one of them"},
	"infty":               {"∞ is no number of the language", ""},
	"sec":                 {"the secant is not in the language", "write 1/\\cos"},
	"csc":                 {"the cosecant is not in the language", "write 1/\\sin"},
	"cot":                 {"the cotangent is not in the language", "write 1/\\tan"},
	"coth":                {"the hyperbolic cotangent is not in the language", "write 1/\\tanh"},
	"lg":                  {"\\lg is the logarithm to base 2 or 10", "write \\log_2 or \\log_{10}"},
	"gcd":                 {"\\gcd is not in the language", ""},
	"Pr":                  {"probabilities are not read", ""},
	"dim":                 {"\\dim is not in the language", "write the size itself, as in n"},
	"ker":                 {"\\ker is not in the language", ""},
	"rank":                {"the rank is not in the language", ""},
	"neq":                 {"inequalities are not read", ""},
	"leq":                 {"inequalities are not read", "signs are declared, as in x > 0"},
	"geq":                 {"inequalities are not read", "signs are declared, as in x > 0"},
	"approx":              {"≈ is no equation", ""},
	"sim":                 {"distributions are not read", ""},
	"propto":              {"∝ is no equation", ""},
	"rightarrow":          {"maps are not read", "write f(x) = …"},
	"Rightarrow":          {"implications are not read", "write one formula a line"},
	"implies":             {"implications are not read", "write one formula a line"},
	"iff":                 {"implications are not read", "write one formula a line"},
	"over":                {"\\over is not read", "write \\frac{a}{b}"},
	"choose":              {"binomials are not read", ""},
	"binom":               {"binomials are not read", ""},
	"hbar":                {"\\hbar is not a name here", ""},
	"subjectto":           {"constraints are not read in the formula", "they are equations beside the program, as in --subject-to"},
	"lfloor":              {"rounding is not in the language", ""},
	"lceil":               {"rounding is not in the language", ""},
	"cup":                 {"sets are not read", ""},
	"cap":                 {"sets are not read", ""},
	"setminus":            {"sets are not read", ""},
	"subset":              {"sets are not read", ""},
	"subseteq":            {"sets are not read", ""},
	"forall":              {"quantifiers are not read", ""},
	"exists":              {"quantifiers are not read", ""},
	"oplus":               {"⊕ is not in the language", ""},
	"wedge":               {"∧ is not in the language", ""},
	"Re":                  {"complex numbers are not in the language", ""},
	"Im":                  {"complex numbers are not in the language", ""},
	"imath":               {"complex numbers are not in the language", ""},
	"not":                 {"inequalities are not read", ""},
	"newcommand":          {"definitions of commands are not read", "write the formula out"},
	"def":                 {"definitions of commands are not read", "write the formula out"},
	"substack":            {"\\substack is not read", ""},
	"stackrel":            {"\\stackrel is not read", "write ="},
	"sqcup":               {"sets are not read", ""},
	"vdots":               {"arrays are not read", ""},
	"ddots":               {"arrays are not read", ""},
	"hline":               {"arrays are not read", ""},
	"matrix":              {"arrays are not read: {matrix}", "give the matrix a name, as in A x"},
	"pmatrix":             {"arrays are not read: {pmatrix}", "give the matrix a name, as in A x"},
	"bmatrix":             {"arrays are not read: {bmatrix}", "give the matrix a name, as in A x"},
	"cases":               {"definitions by cases are not read", "functions with a kink are written \\max(0, x) or \\lvert x \\rvert"},
	"DeclareMathOperator": {"definitions of commands are not read", "write the formula out"},
}

// capitals are Greek letters whose command is not in LaTeX because they look
// Latin; some packages have them.
var capitals = map[string]string{"Alpha": "A", "Beta": "B", "Epsilon": "E", "Zeta": "Z", "Eta": "H", "Iota": "I", "Kappa": "K", "Mu": "M",
	"Nu": "N", "Omicron": "O", "omicron": "o", "Rho": "P", "Tau": "T", "Chi": "X"}
