# R values for the conformance page. R 4.2.2 with the packages named in each entry.
# Data: skin potential of eight subjects (Lehmann 1975, p. 264), drugs (Agresti 1990; SAS/STAT example 28.9), streptomycin
# (MRC, BMJ 1948), survival::aml, and counts from the literature. They are repeated in docs/statistics_pages.py.
suppressMessages({library(coin); library(exactRankTests); library(survival); library(lmerTest); library(ordinal); library(metafor); library(multcomp); library(MASS); library(effectsize); library(npsurv); library(mice); library(jsonlite)})
h <- matrix(c(23.1,22.7,22.5,22.6, 57.6,53.2,53.7,53.1, 10.5,9.7,10.8,8.3, 23.6,19.6,21.1,21.6, 11.9,13.8,13.7,13.3,
              54.6,47.1,39.2,37.0, 21.0,13.6,13.7,14.8, 20.3,23.6,16.3,14.8), ncol = 4, byrow = TRUE)
drugs <- do.call(rbind, rep(list(c(1,1,1), c(1,1,0), c(1,0,1), c(1,0,0), c(0,1,1), c(0,1,0), c(0,0,1), c(0,0,0)), c(6,16,2,4,2,4,6,6)))
v <- function(value, option) list(value = as.numeric(value), option = option)
long <- data.frame(y = c(t(h)), visit = factor(rep(1:4, 8)), id = factor(rep(1:8, each = 4)))
fr <- friedman.test(h); qu <- quade.test(h); fear <- h[, 1]; joy <- h[, 2]
wi <- wilcox.test(fear, joy, paired = TRUE, conf.int = TRUE); ws <- wilcox.exact(fear, joy, conf.int = TRUE)
tied <- c(0, 0, 1, 1, -2, 4, 3, 2, -1, 5); tw <- wilcoxsign_test(tied ~ rep(0, 10), distribution = "exact", zero.method = "Pratt")
bt <- table(factor(drugs[, 2], 1:0), factor(drugs[, 3], 1:0)); mc <- mcnemar.test(bt)
strep <- matrix(c(28, 4, 27, 48), 2); fi <- fisher.test(strep)
km <- survfit(Surv(time, status) ~ 1, aml, conf.type = "log-log"); lr <- survdiff(Surv(time, status) ~ x, aml)
rm <- summary(km, rmean = 30)$table
counts <- c(0, 3, 1, 7, 0, 2); years <- c(1, 1, 1, 2, 1, 1); nb <- glm.nb(counts ~ offset(log(years)), control = glm.control(epsilon = 1e-12, maxit = 200))
hits <- c(5, 8, 12, 3); totals <- c(7, 20, 18, 11); pool <- rma.glmm(measure = "PLO", xi = hits, ni = totals, nAGQ = 7)
mm <- lmer(y ~ visit + (1 | id), long); ma <- anova(mm, ddf = "Kenward-Roger")
levels3 <- matrix(c(2,1,1, 2,2,1, 1,0,0, 2,2,0, 0,1,0, 1,1,2, 2,0,1, 1,2,0), ncol = 3, byrow = TRUE)
lo <- data.frame(y = factor(c(t(levels3)), ordered = TRUE), visit = factor(rep(1:3, 8)), id = factor(rep(1:8, each = 3)))
cl <- clmm(y ~ visit + (1 | id), lo, nAGQ = 25, control = clmm.control(gradTol = 1e-9, maxIter = 500))
pv <- c(.001, .012, .02, .04, .3)
values <- list(
  quartile_6 = v(quantile(fear, .75, type = 6), "quantile(type = 6)"),
  quartile_7 = v(quantile(fear, .75, type = 7), "quantile(type = 7), R's default"),
  quartile_2 = v(quantile(fear, .75, type = 2), "quantile(type = 2)"),
  hinge = v(fivenum(fear)[4], "fivenum"),
  friedman = v(fr$statistic, "friedman.test"), friedman_p = v(fr$p.value, "friedman.test"),
  quade = v(qu$statistic, "quade.test"), quade_p = v(qu$p.value, "quade.test"),
  signed_rank_p = v(wi$p.value, "wilcox.test(paired = TRUE), no ties"), hodges_lehmann = v(wi$estimate, "wilcox.test(paired = TRUE, conf.int = TRUE), no ties"),
  hodges_lehmann_low = v(wi$conf.int[1], "wilcox.test(paired = TRUE, conf.int = TRUE), no ties"),
  signed_rank_tied_p = v(pvalue(tw), 'coin::wilcoxsign_test(distribution = "exact", zero.method = "Pratt")'),
  signed_rank_tied_wilcox_p = v(wilcox.exact(tied)$p.value, "exactRankTests::wilcox.exact"),
  sign_p = v(binom.test(6, 8)$p.value, "binom.test(6, 8)"),
  rank_sum_p = v(ws$p.value, "exactRankTests::wilcox.exact"), rank_sum_shift = v(ws$estimate, "exactRankTests::wilcox.exact(conf.int = TRUE)"),
  clopper_pearson = v(binom.test(341, 762, conf.level = .9)$conf.int[1], "binom.test"),
  wilson = v(prop.test(15, 20, correct = FALSE)$conf.int[1], "prop.test(correct = FALSE)"),
  jeffreys = v(qbeta(.025, 15.5, 5.5), "qbeta(.025, 15.5, 5.5)"),
  cochran_q = v(symmetry_test(y ~ f | b, data = data.frame(y = c(t(drugs)), f = factor(rep(1:3, 46)), b = factor(rep(1:46, each = 3))), teststat = "quadratic")@statistic@teststatistic, 'coin::symmetry_test(teststat = "quadratic")'),
  mcnemar = v(mc$statistic, "mcnemar.test, continuity corrected"), mcnemar_exact_p = v(binom.test(8, 28)$p.value, "binom.test(8, 28)"),
  fisher_p = v(fi$p.value, "fisher.test"), fisher_odds = v(fi$estimate, "fisher.test, conditional estimate"),
  poisson_low = v(poisson.test(14, 400)$conf.int[1], "poisson.test"),
  rate_ratio_p = v(poisson.test(c(11, 21), c(800, 3011))$p.value, "poisson.test, minimum likelihood"),
  negative_binomial = v(exp(coef(nb)), "MASS::glm.nb"),
  kaplan_meier = v(summary(km, times = 30)$surv, 'survfit'), kaplan_meier_low = v(summary(km, times = 30)$lower, 'survfit(conf.type = "log-log")'),
  km_median = v(rm["median"], "survfit"), restricted_mean = v(rm["rmean"], "survfit, rmean = 30"), log_rank = v(lr$chisq, "survdiff"),
  pooled = v(plogis(pool$beta), "metafor::rma.glmm(nAGQ = 7)"),
  hommel = v(p.adjust(pv, "hommel")[3], 'p.adjust("hommel")'), holm = v(p.adjust(pv, "holm")[3], 'p.adjust("holm")'), bh = v(p.adjust(pv, "BH")[3], 'p.adjust("BH")'),
  mixed_f = v(ma$`F value`, "lmerTest anova(ddf = \"Kenward-Roger\")"), mixed_df = v(ma$DenDF, "lmerTest anova(ddf = \"Kenward-Roger\")"),
  ordinal = v(cl$beta[2], "ordinal::clmm(nAGQ = 25)"), ordinal_loglik = v(logLik(cl), "ordinal::clmm(nAGQ = 25)"),
  quantile_6 = v(quantile(fear, .3, type = 6), "quantile(type = 6)"), deviation = v(sd(fear), "sd"),
  binomial_p = v(binom.test(3, 20, .3)$p.value, "binom.test"),
  pearson = v(chisq.test(strep, correct = FALSE)$statistic, "chisq.test(correct = FALSE)"),
  first_event_low = v(poisson.test(sum(aml$status), sum(aml$time))$conf.int[1], "poisson.test"),
  rank_biserial = v(rank_biserial(fear, joy, paired = TRUE)$r_rank_biserial, "effectsize::rank_biserial(paired = TRUE)"),
  turnbull = v(npsurv(cbind(c(0, 0, 4, 4, 0, 12, 12, 4), c(4, 12, 12, 24, 24, 24, Inf, Inf)), tol = 1e-12)$ll, "npsurv::npsurv"),
  rubin_df = v(pool.scalar(c(1, 1.4, 1.2), rep(.25, 3), n = 20, k = 2)$df, "mice::pool.scalar(n = 20, k = 2)"),
  dunn_bonferroni = v(min(1, 6 * 2 * pnorm(-abs(diff(colMeans(t(apply(h, 1, rank)))[c(4, 1)])) / sqrt(4 * 5 / (6 * 8)))), "formula written out")
)
pk <- c("coin", "exactRankTests", "survival", "lmerTest", "ordinal", "metafor", "MASS", "effectsize", "npsurv", "mice")
write_json(list(origin = paste(R.version.string, paste(pk, sapply(pk, function(p) as.character(packageVersion(p))), collapse = ", ")), values = values),
  "tests/reference/data/conformance.json", digits = 15, auto_unbox = TRUE)
