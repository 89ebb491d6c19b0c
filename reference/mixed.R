# Values for tests/unit/test_mixed.py. R 4.2.2, lme4 1.1-31, lmerTest 3.1-3, pbkrtest 0.5.2, nlme 3.1-162.
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest); library(nlme); library(jsonlite)})
boys <- subset(Orthodont, Sex == "Male"); boys <- data.frame(y = boys$distance, visit = factor(boys$age), id = factor(as.character(boys$Subject)))
boys$id <- factor(rep(1:16, each = 4)); wide <- matrix(boys$y, ncol = 4, byrow = TRUE)
holes <- c(3, 10, 11, 20, 36, 37, 49, 64); gappy <- boys; gappy$y[holes] <- NA
wide_gappy <- matrix(gappy$y, ncol = 4, byrow = TRUE)
tight <- lme4::lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 1e5))
fit <- function(d) {
  d <- d[!is.na(d$y), ]
  cell <- lmerTest::lmer(y ~ 0 + visit + (1 | id), d, control = tight)
  m <- lmerTest::lmer(y ~ visit + (1 | id), d, control = tight)
  means <- lapply(1:4, function(j) contest(cell, diag(4)[j, ], joint = FALSE))
  change <- lapply(2:4, function(j) { L <- numeric(4); L[j] <- 1; L[1] <- -1; list(
      sat = contest(cell, L, joint = FALSE), kr = contest(cell, L, joint = FALSE, ddf = "Kenward-Roger")) })
  kr_means <- lapply(1:4, function(j) contest(cell, diag(4)[j, ], joint = FALSE, ddf = "Kenward-Roger"))
  # Satterthwaite's joint df depend on the scaling of the contrasts; orthonormal ones are used on both sides.
  H <- contr.helmert(4); H <- t(H) / sqrt(colSums(H^2)); sat <- contest(cell, H, joint = TRUE); kr <- anova(m, ddf = "Kenward-Roger")
  one <- function(x) list(estimate = x$Estimate, se = x$`Std. Error`, df = x$df, p = x$`Pr(>|t|)`, low = x$lower, high = x$upper)
  list(reml = as.numeric(logLik(m)), between = as.data.frame(VarCorr(m))$vcov[1], within = sigma(m)^2,
       means_sat = lapply(means, one), means_kr = lapply(kr_means, one),
       change_sat = lapply(change, function(x) one(x$sat)), change_kr = lapply(change, function(x) one(x$kr)),
       f_sat = c(sat$`F value`, sat$NumDF, sat$DenDF, sat$`Pr(>F)`), f_kr = c(kr$`F value`, kr$NumDF, kr$DenDF, kr$`Pr(>F)`))
}
un <- function(d) {
  d <- d[!is.na(d$y), ]; d$t <- as.integer(d$visit)
  g <- gls(y ~ 0 + visit, d, correlation = corSymm(form = ~ t | id), weights = varIdent(form = ~ 1 | visit), method = "REML",
           control = glsControl(tolerance = 1e-12, msTol = 1e-14, maxIter = 500, msMaxIter = 500))
  list(reml = as.numeric(logLik(g)), means = unname(coef(g)), se = unname(sqrt(diag(vcov(g)))))
}
write_json(list(origin = paste(R.version.string, "lme4", packageVersion("lme4"), "lmerTest", packageVersion("lmerTest"), "pbkrtest",
    packageVersion("pbkrtest"), "nlme", packageVersion("nlme")),
  complete = list(data = wide, random_intercept = fit(boys), unstructured = un(boys)),
  gappy = list(data = wide_gappy, random_intercept = fit(gappy), unstructured = un(gappy))),
  "tests/reference/data/mixed.json", digits = 15, auto_unbox = TRUE, na = "null")
