package syntax

// greek maps the Greek letters that LaTeX has a command for, by the command; it has none
// for omicron and the capitals that look Latin.
var greek = map[string]string{
	"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
	"theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
	"varpi": "ϖ", "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ", "phi": "ϕ",
	"varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ",
	"Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ",
}

// Greek returns the letter of a name as LaTeX spells it, without the backslash: λ for
// lambda; "" for any other name.
func Greek(command string) string { return greek[command] }

// GreekCommands returns the names that Greek knows, in no order.
func GreekCommands() []string {
	list := make([]string, 0, len(greek))
	for name := range greek {
		list = append(list, name)
	}
	return list
}
