# Values for tests/unit/test_signed_rank.py, test_hodges_lehmann.py, test_paired_effects.py, test_rank_sum.py, test_max_t.py.
# R 4.2.2 (Debian 12) with coin, effectsize; run from the root of the project: Rscript reference/ranks.R
suppressMessages({library(coin); library(effectsize); library(jsonlite)})
set.seed(20240501)
# Whole-number scores, so that ties and zeros are exact in every program.
pairs <- c(lapply(c(4, 5, 6, 7, 8, 9, 10, 12, 15, 20), function(n) {
  before <- sample(20:52, n, replace = TRUE); list(before = before, after = pmin(52, before + sample(-3:6, n, replace = TRUE)))}),
  lapply(c(6, 9, 14), function(n) list(before = sample(1000, n), after = sample(1000, n))))
signed <- lapply(pairs, function(d) {
  x <- d$before; y <- d$after
  pv <- function(zeros, side, dist) as.numeric(pvalue(wilcoxsign_test(y ~ x, zero.method = zeros, alternative = side, distribution = dist)))
  out <- list(before = x, after = y)
  for (z in c("Pratt", "Wilcoxon")) out[[tolower(z)]] <- list(two_sided = pv(z, "two.sided", "exact"), greater = pv(z, "greater", "exact"),
    less = pv(z, "less", "exact"), asymptotic = pv(z, "two.sided", "asymptotic"))
  out})
untied <- lapply(c(6, 7, 9, 15, 30), function(n) {
  x <- round(rnorm(n, 0, 3), 4); y <- round(x + rnorm(n, 1, 2), 4); w <- wilcox.test(y, x, paired = TRUE, conf.int = TRUE, exact = TRUE)
  w90 <- wilcox.test(y, x, paired = TRUE, conf.int = TRUE, exact = TRUE, conf.level = .9)
  list(before = x, after = y, statistic = unname(w$statistic), p = w$p.value, estimate = unname(w$estimate), interval = as.numeric(w$conf.int),
       interval_90 = as.numeric(w90$conf.int))})
depression <- list(first = c(1.83, .50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30), second = c(.878, .647, .598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29))
dw <- wilcox.test(depression$first, depression$second, paired = TRUE, alternative = "greater")
dci <- wilcox.test(depression$second, depression$first, paired = TRUE, conf.int = TRUE)
sleep_w <- suppressWarnings(wilcox.test(sleep$extra[1:10], sleep$extra[11:20], paired = TRUE))
permeability <- list(at_term = c(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46), early = c(1.15, 0.88, 0.90, 0.74, 1.21))
pw <- wilcox.test(permeability$at_term, permeability$early, conf.int = TRUE)
pg <- wilcox.test(permeability$at_term, permeability$early, alternative = "greater")
effects <- lapply(pairs[c(4, 8, 10, 13)], function(d) {
  r <- rank_biserial(d$after, d$before, paired = TRUE)
  change <- d$after - d$before; n <- length(change); t <- mean(change) / sd(change) * sqrt(n)
  at <- function(p) uniroot(function(m) pt(t, n - 1, m) - p, c(t - 20, t + 20), tol = 1e-13)$root / sqrt(n)
  list(before = d$before, after = d$after, rank_biserial = c(r$r_rank_biserial, r$CI_low, r$CI_high),
       response_mean = c(mean(change) / sd(change), at(.975), at(.025)))})
two <- lapply(list(c(4, 4), c(5, 8), c(10, 10), c(3, 12)), function(n) {
  x <- sample(0:9, n[1], replace = TRUE); y <- sample(2:12, n[2], replace = TRUE)
  d <- data.frame(v = c(x, y), g = factor(rep(c("x", "y"), n)))
  pv <- function(side, dist) as.numeric(pvalue(wilcox_test(v ~ g, data = d, alternative = side, distribution = dist)))
  list(first = x, second = y, two_sided = pv("two.sided", "exact"), greater = pv("greater", "exact"), asymptotic = pv("two.sided", "asymptotic"))})
# Twelve patients, two endpoints at three visits: every sign pattern of patients counted by hand.
changes <- matrix(sample(-4:8, 12 * 6, replace = TRUE), 12)
signs <- as.matrix(expand.grid(rep(list(c(-1, 1)), 12)))
stat <- abs(signs %*% sweep(changes, 2, sqrt(colSums(changes^2)), "/")); observed <- abs(colSums(changes)) / sqrt(colSums(changes^2))
ge <- function(a, b) a >= b - 1e-9
single <- sapply(observed, function(o) mean(ge(apply(stat, 1, max), o)))
order_ <- order(-observed); down <- numeric(6)
for (j in 1:6) down[order_[j]] <- mean(ge(apply(stat[, order_[j:6], drop = FALSE], 1, max), observed[order_[j]]))
down[order_] <- cummax(down[order_])
# coin flips the same signs when each patient is a block of a zero and a change; its Monte Carlo value has its own error.
long <- data.frame(rbind(changes, matrix(0, 12, 6))); long$g <- factor(rep(c("after", "before"), each = 12)); long$id <- factor(rep(1:12, 2))
st <- symmetry_test(X1 + X2 + X3 + X4 + X5 + X6 ~ g | id, data = long, teststat = "maximum", distribution = approximate(nresample = 200000))
write_json(list(origin = paste(R.version.string, "coin", packageVersion("coin"), "effectsize", packageVersion("effectsize")),
  signed = signed, untied = untied,
  depression = c(depression, list(statistic = unname(dw$statistic), p_greater = dw$p.value, estimate = unname(dci$estimate), interval = as.numeric(dci$conf.int))),
  sleep = list(first = sleep$extra[1:10], second = sleep$extra[11:20], statistic = unname(sleep_w$statistic), p = sleep_w$p.value),
  permeability = c(permeability, list(statistic = unname(pw$statistic), p = pw$p.value, p_greater = pg$p.value, estimate = unname(pw$estimate), interval = as.numeric(pw$conf.int))),
  effects = effects, two_groups = two,
  max_t = list(changes = changes, statistic = as.numeric(colSums(changes) / sqrt(colSums(changes^2))), single_step = single, step_down = down,
               coin_global = as.numeric(pvalue(st)), coin_single_step = as.numeric(pvalue(st, method = "single-step")), coin_step_down = as.numeric(pvalue(st, method = "step-down")))),
  "tests/reference/data/ranks.json", digits = 15, auto_unbox = TRUE, na = "null")
