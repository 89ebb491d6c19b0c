# Values for tests/unit/test_survival.py, test_log_rank.py, test_turnbull.py.
# R 4.2.2 (Debian 12) with survival, coin, npsurv; run from the root of the project: Rscript reference/survival.R
suppressMessages({library(survival); library(coin); library(npsurv); library(jsonlite)})
curve <- function(time, event, tau) {
  f <- survfit(Surv(time, event) ~ 1, conf.type = "log-log"); s <- summary(f, rmean = tau)$table
  list(time = time, event = event, at = f$time, survival = f$surv, error = f$std.err * f$surv, low = f$lower, high = f$upper,
       median = unname(s[c("median", "0.95LCL", "0.95UCL")]), tau = tau, mean = unname(s["rmean"]), mean_error = unname(s["se(rmean)"]))
}
g <- c(6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35); ge <- rep(c(1, 0), c(9, 12))
placebo <- c(1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)
curves <- list(leukaemia = curve(g, ge, 30), placebo = curve(placebo, rep(1, 21), 20), aml = curve(aml$time, aml$status, 100),
  lung = curve(lung$time, lung$status - 1, 700), half = curve(c(1, 2, 3, 4), c(1, 1, 1, 1), 3), flat = curve(c(1, 2, 3, 4), c(1, 1, 0, 0), 4))
rank <- function(time, event, group) { d <- survdiff(Surv(time, event) ~ group); df <- length(d$n) - 1
  list(time = time, event = event, group = group, statistic = d$chisq, df = df, p = pchisq(d$chisq, df, lower.tail = FALSE)) }
ranks <- list(leukaemia = rank(c(g, placebo), c(ge, rep(1, 21)), rep(c("treated", "placebo"), each = 21)),
  aml = rank(aml$time, aml$status, as.character(aml$x)), veteran = rank(veteran$time, veteran$status, as.character(veteran$celltype)),
  ovarian = rank(ovarian$futime, ovarian$fustat, ovarian$rx))
# Without ties coin's log-rank scores are those of the package; its two-sided exact value counts standardised distances.
exact <- function(time, event, group) list(time = time, event = event, group = group,
  p = as.numeric(pvalue(logrank_test(Surv(time, event) ~ factor(group), distribution = "exact"))))
exacts <- list(ovarian = exact(ovarian$futime, ovarian$fustat, ovarian$rx), ten = exact(c(3, 5, 7, 2, 18, 16, 20, 11, 9, 13), c(1, 1, 1, 0, 1, 0, 1, 1, 1, 0), c(1, 1, 1, 1, 1, 2, 2, 2, 2, 2)))
npmle <- function(L, R) { f <- npsurv(cbind(L, R), tol = 1e-12, maxit = 10000)
  list(left = L, right = R, begins = f$f$left, ends = f$f$right, mass = f$f$p, log_likelihood = f$ll) }
# Breast cosmesis, radiotherapy alone, printed in Finkelstein and Wolfe, Biometrics 1985;41:933-945.
data(cancer, package = "npsurv"); rt <- cancer[cancer$group == "RT", ]
visits <- c(0, 4, 12, 24, Inf); set.seed(7); place <- sample(1:4, 20, replace = TRUE, prob = c(.3, .35, .2, .15))
wide <- pmin(4, place + sample(0:1, 20, replace = TRUE)); start <- pmax(1, place - sample(0:1, 20, replace = TRUE))
write_json(list(origin = paste(R.version.string, "survival", packageVersion("survival"), "coin", packageVersion("coin"), "npsurv", packageVersion("npsurv")),
  curves = curves, log_rank = ranks, exact = exacts,
  turnbull = list(cosmesis = npmle(rt$L, rt$R), visits = npmle(visits[start], visits[wide + 1]), exact = npmle(c(2, 3, 3, 5, 1, 4), c(2, 3, 3, 5, Inf, 9)))),
  "tests/reference/data/survival.json", digits = 15, auto_unbox = TRUE, na = "string")
