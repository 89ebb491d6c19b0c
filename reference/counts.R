# Values for tests/unit/test_proportions.py, test_rates.py, test_recurrent_events.py, test_mcnemar.py, test_two_groups.py.
# R 4.2.2 (Debian 12) with MASS, vcd (data Arthritis); run from the root of the project: Rscript reference/counts.R
suppressMessages({library(MASS); library(vcd); library(jsonlite)})
shares <- list(c(81, 263), c(15, 148), c(0, 20), c(1, 29), c(0, 10), c(10, 10), c(11, 15), c(682, 925), c(19, 20), c(15, 20), c(3, 20),
  c(16, 24), c(24, 25), c(8, 25), c(5, 25), c(1, 1), c(0, 1), c(18, 20), c(9, 20))
root <- function(f) uniroot(f, c(0, 1), tol = 1e-15)$root
proportions <- lapply(shares, function(s) { x <- s[1]; n <- s[2]
  mid_low <- if (x == 0) 0 else root(function(p) 1 - pbinom(x, n, p) + dbinom(x, n, p) / 2 - .025)
  mid_high <- if (x == n) 1 else root(function(p) pbinom(x - 1, n, p) + dbinom(x, n, p) / 2 - .025)
  list(count = x, total = n, clopper_pearson = as.numeric(binom.test(x, n)$conf.int), clopper_pearson_90 = as.numeric(binom.test(x, n, conf.level = .9)$conf.int),
    wilson = as.numeric(suppressWarnings(prop.test(x, n, correct = FALSE))$conf.int),
    jeffreys = c(if (x == 0) 0 else qbeta(.025, x + .5, n - x + .5), if (x == n) 1 else qbeta(.975, x + .5, n - x + .5)), mid_p = c(mid_low, mid_high))})
tests <- lapply(list(c(682, 925, .75), c(3, 20, .3), c(7, 7, .5), c(0, 12, .1)), function(s) list(count = s[1], total = s[2], probability = s[3],
  two_sided = binom.test(s[1], s[2], s[3])$p.value, greater = binom.test(s[1], s[2], s[3], alternative = "greater")$p.value, less = binom.test(s[1], s[2], s[3], alternative = "less")$p.value))
rates <- lapply(list(c(0, 1), c(1, 1), c(2, 1), c(3, 1), c(4, 1), c(5, 1), c(10, 1), c(14, 1), c(100, 1), c(14, 400), c(137, 24.19893)), function(s)
  list(events = s[1], time = s[2], interval = as.numeric(poisson.test(s[1], s[2])$conf.int)))
ratios <- lapply(list(c(11, 800, 21, 3011), c(3, 10, 0, 12), c(0, 4, 5, 3), c(7, 2.5, 7, 2.5), c(26, 8.5, 4, 9.1)), function(s) {
  t <- poisson.test(s[c(1, 3)], s[c(2, 4)]); list(input = s, estimate = unname(t$estimate), interval = as.numeric(t$conf.int), p = t$p.value)})
nb <- lapply(list(list(y = c(0, 0, 1, 0, 6, 2, 0, 3), t = rep(1, 8)), list(y = c(0, 0, 1, 0, 6, 2, 0, 3), t = c(1, .5, 2, 1, 1.5, 1, .7, 1.2)),
  list(y = c(5, 0, 4, 0, 3, 0, 4, 2, 0, 3, 2, 1, 0, 0, 0, 0, 0, 0, 2, 0), t = c(rep(24, 17), 12, 12, 12)), list(y = quine$Days, t = rep(1, nrow(quine)))), function(d) {
  m <- glm.nb(d$y ~ 1 + offset(log(d$t)), control = glm.control(epsilon = 1e-15, maxit = 500))
  list(counts = d$y, times = d$t, rate = unname(exp(coef(m))), dispersion = 1 / m$theta, error = sqrt(vcov(m)[1, 1]), log_likelihood = as.numeric(logLik(m)))})
# Tango's limits by maximising the likelihood of losses numerically, not by the closed form.
tango <- function(b, c, n) { z <- qnorm(.975)
  score <- function(d) {
    lo <- max(0, -d); hi <- (1 - d) / 2
    l <- optimize(function(q) { v <- 0; if (b > 0) v <- v + b * log(q); if (c > 0) v <- v + c * log(q + d); r <- n - b - c; if (r > 0) v <- v + r * log(max(1e-300, 1 - 2 * q - d)); v }, c(lo, hi), maximum = TRUE, tol = 1e-13)$maximum
    (c - b - n * d) / sqrt(n * (2 * l + d - d^2)) }
  e <- (c - b) / n
  c(uniroot(function(d) score(d) - z, c(-.999999, e - 1e-9), tol = 1e-13)$root, uniroot(function(d) score(d) + z, c(e + 1e-9, .999999), tol = 1e-13)$root) }
paired <- lapply(list(c(1, 1, 7, 12), c(794, 86, 150, 570), c(20, 3, 9, 14), c(6, 0, 5, 9), c(4, 4, 4, 4)), function(s) {
  m <- matrix(s, 2, byrow = TRUE); cc <- mcnemar.test(m); no <- mcnemar.test(m, correct = FALSE)
  list(table = m, corrected = c(cc$statistic, cc$p.value), plain = c(no$statistic, no$p.value), exact = binom.test(s[3], s[2] + s[3])$p.value, tango = tango(s[2], s[3], sum(s)))})
groups <- lapply(list(c(28, 27, 4, 48), c(4, 51, 14, 38), c(27, 268, 52, 255), c(3, 1, 1, 3), c(0, 5, 3, 4), c(7, 12, 8, 3), c(5, 0, 0, 6), c(2, 9, 2, 9)), function(s) {
  m <- matrix(s, 2, byrow = TRUE); f <- fisher.test(m)
  list(table = m, two_sided = f$p.value, greater = fisher.test(m, alternative = "greater")$p.value, less = fisher.test(m, alternative = "less")$p.value,
    odds_ratio = unname(f$estimate), interval = as.numeric(f$conf.int))})
arthritis <- table(Arthritis$Treatment, Arthritis$Improved); chi <- chisq.test(arthritis, correct = FALSE)
write_json(list(origin = paste(R.version.string, "MASS", packageVersion("MASS"), "vcd", packageVersion("vcd")), proportions = proportions, tests = tests,
  rates = rates, ratios = ratios, negative_binomial = nb, paired = paired, groups = groups,
  arthritis = list(table = unclass(unname(arthritis)), statistic = unname(chi$statistic), df = unname(chi$parameter), p = chi$p.value)),
  "tests/reference/data/counts.json", digits = 15, auto_unbox = TRUE, na = "string")
