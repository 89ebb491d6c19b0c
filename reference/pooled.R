# Values for tests/unit/test_pooled.py. R 4.2.2 (Debian 12) with metafor, lme4, metadat (data dat.pritz1997);
# run from the root of the project: Rscript reference/pooled.R
suppressMessages({library(metafor); library(lme4); library(jsonlite)})
studies <- list(pritz = list(x = dat.pritz1997$xi, n = dat.pritz1997$ni), spread = list(x = c(15, 5, 16, 3, 77, 44, 0, 6), n = c(20, 10, 24, 3, 100, 88, 7, 30)),
  jak = list(x = c(15, 5, 16, 3), n = c(20, 10, 24, 3)), zeros = list(x = c(0, 0, 1, 0, 2, 0, 5), n = c(20, 11, 25, 9, 40, 60, 55)))
fit <- function(s) {
  m <- rma.glmm(measure = "PLO", xi = s$x, ni = s$n, nAGQ = 7, control = list(optCtrl = list(xtol_rel = 1e-12))); p <- predict(m, transf = transf.ilogit)
  d <- data.frame(x = s$x, r = s$n - s$x, id = factor(seq_along(s$x)))
  g <- suppressMessages(glmer(cbind(x, r) ~ 1 + (1 | id), data = d, family = binomial, nAGQ = 25, control = glmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12))))
  # The likelihood itself: adaptive integration, then Newton's method on it.
  ll <- function(p) -sum(mapply(function(x, n) log(integrate(function(u) dbinom(x, n, plogis(p[1] + exp(p[2]) * u)) * dnorm(u), -Inf, Inf, rel.tol = 1e-13, subdivisions = 4000)$value), s$x, s$n))
  exact <- NULL
  if (getME(g, "theta") > 1e-3) { o <- optim(c(fixef(g), log(getME(g, "theta"))), ll, method = "BFGS", control = list(reltol = 1e-17, ndeps = c(1e-5, 1e-5)), hessian = TRUE)
    exact <- list(logit = unname(o$par[1]), tau = unname(exp(o$par[2])), error = sqrt(solve(o$hessian)[1, 1]), log_likelihood = -o$value) }
  list(counts = s$x, totals = s$n, metafor = list(logit = as.numeric(m$beta), error = m$se, tau = sqrt(m$tau2), prediction = c(p$pi.lb, p$pi.ub), estimate = p$pred, interval = c(p$ci.lb, p$ci.ub)),
       lme4 = list(logit = unname(fixef(g)), error = sqrt(vcov(g)[1, 1]), tau = unname(getME(g, "theta"))), exact = exact)
}
write_json(list(origin = paste(R.version.string, "metafor", packageVersion("metafor"), "lme4", packageVersion("lme4"), "metadat", packageVersion("metadat")), fits = lapply(studies, fit)),
  "tests/reference/data/pooled.json", digits = 15, auto_unbox = TRUE, na = "null", null = "null")
