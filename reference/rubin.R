# Values for tests/unit/test_missing.py. R 4.2.2, mice 3.15.0.
suppressMessages({library(mice); library(jsonlite)})
imp <- mice(nhanes, m = 10, seed = 4, printFlag = FALSE)
fit <- with(imp, lm(chl ~ age + bmi))
s <- summary(pool(fit), conf.int = TRUE); p <- pool(fit)$pooled
each <- lapply(1:3, function(j) list(
  q = sapply(fit$analyses, function(a) unname(coef(a)[j])), u = sapply(fit$analyses, function(a) vcov(a)[j, j]),
  dfcom = p$dfcom[j], estimate = s$estimate[j], se = s$std.error[j], df = s$df[j], statistic = s$statistic[j], p = s$p.value[j],
  low = s$`2.5 %`[j], high = s$`97.5 %`[j], ubar = p$ubar[j], b = p$b[j], t = p$t[j], riv = p$riv[j], fmi = p$fmi[j]))
scalar <- lapply(each, function(e) { r <- pool.scalar(e$q, e$u, n = Inf); list(df = r$df, fmi = r$fmi) })
write_json(list(origin = paste(R.version.string, "mice", packageVersion("mice"), "(data nhanes)"), pooled = each, without_n = scalar),
  "tests/reference/data/rubin.json", digits = 15, auto_unbox = TRUE)
