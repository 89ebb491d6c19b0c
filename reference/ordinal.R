# Values for tests/unit/test_ordinal.py. R 4.2.2, ordinal 2022.11-16, lme4 1.1-31 (data VerbAgg).
suppressMessages({library(ordinal); library(lme4); library(jsonlite)})
items <- levels(VerbAgg$item)[1:4]; people <- levels(VerbAgg$id)[1:60]
v <- subset(VerbAgg, item %in% items & id %in% people)
verb <- t(sapply(people, function(p) sapply(items, function(i) as.integer(v$resp[v$id == p & v$item == i]))))
# Twenty made-up patients, four visits, a score from 0 to 3 that falls, five visits missing.
score <- matrix(c(3,2,1,1, 3,3,2,1, 2,2,0,0, 3,1,1,0, 2,3,1,NA, 3,3,3,2, 1,1,0,0, 2,1,1,1, 3,3,1,0, 3,2,2,2,
                  2,2,NA,1, 1,0,0,0, 3,3,2,3, 2,1,2,0, 3,2,1,1, 2,NA,0,0, 3,3,3,1, 1,2,0,1, 2,2,1,NA, 3,2,NA,1), ncol = 4, byrow = TRUE)
# Twenty made-up children, four visits, a score from 0 to 52 that rises: more thresholds than children.
fine <- matrix(c(8,14,24,13, 46,52,52,52, 23,27,32,29, 38,43,48,52, 16,16,14,28,
                 35,33,41,42, 37,49,39,52, 37,33,45,50, 19,24,29,26, 32,35,32,39,
                 35,48,48,52, 32,35,35,39, 27,25,25,30, 43,45,46,43, 28,24,36,44,
                 25,31,36,40, 19,15,21,29, 16,19,34,31, 0,18,15,9, 11,19,26,24), ncol = 4, byrow = TRUE)
fit <- function(x, link) {
  d <- data.frame(y = factor(c(t(x)), ordered = TRUE), visit = factor(rep(seq_len(ncol(x)), nrow(x))), id = factor(rep(seq_len(nrow(x)), each = ncol(x))))
  d <- d[!is.na(d$y), ]
  tight <- clmm.control(gradTol = 1e-9, maxIter = 500, innerCtrl = "noWarn")
  m <- clmm(y ~ visit + (1 | id), data = d, link = link, nAGQ = 25, Hess = TRUE, control = tight)
  m0 <- clmm(y ~ 1 + (1 | id), data = d, link = link, nAGQ = 25, control = tight)
  laplace <- clmm(y ~ visit + (1 | id), data = d, link = link, control = tight)
  s <- coef(summary(m))
  list(loglik = as.numeric(logLik(m)), loglik_null = as.numeric(logLik(m0)), loglik_laplace = as.numeric(logLik(laplace)),
       thresholds = unname(m$alpha), beta = unname(m$beta), se = unname(s[seq_along(m$beta) + length(m$alpha), 2]),
       threshold_se = unname(s[seq_along(m$alpha), 2]), sd = unname(m$ST[[1]][1, 1]))
}
write_json(list(origin = paste(R.version.string, "ordinal", packageVersion("ordinal"), "lme4", packageVersion("lme4"), "(data VerbAgg)"),
  verb = list(data = unname(verb), logit = fit(verb, "logit"), probit = fit(verb, "probit")),
  score = list(data = score, logit = fit(score, "logit"), probit = fit(score, "probit")),
  fine = list(data = fine, logit = fit(fine, "logit"), probit = fit(fine, "probit"))),
  "tests/reference/data/ordinal.json", digits = 15, auto_unbox = TRUE, na = "null")
