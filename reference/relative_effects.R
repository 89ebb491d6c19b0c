# Values for tests/unit/test_relative_effects.py. R 4.2.2, nlme 3.1-162 (data only).
# The relative effects, their covariance, the two statistics and the logit limits are computed here from the
# definitions in Brunner, Domhof and Langer (2002), sections 5.4, 5.8 and 7.2, by explicit pairwise comparison of
# values (no ranks), so that they are independent of the package's rank arithmetic.
suppressMessages({library(nlme); library(jsonlite); library(MASS)})
count <- function(a, b) (a < b) + (a == b) / 2   # P(a below b), ties split
boys <- matrix(subset(Orthodont, Sex == "Male")$distance, ncol = 4, byrow = TRUE)
girls <- matrix(subset(Orthodont, Sex == "Female")$distance, ncol = 4, byrow = TRUE)
analyse <- function(blocks) {
  pool <- unlist(blocks); N <- length(pool); n <- sum(sapply(blocks, nrow)); k <- ncol(blocks[[1]])
  H <- lapply(blocks, function(b) apply(b, c(1, 2), function(v) mean(count(pool, v))))
  p <- unlist(lapply(H, colMeans))
  V <- matrix(0, length(p), length(p))
  for (g in seq_along(blocks)) {
    at <- (g - 1) * k + seq_len(k)
    V[at, at] <- n / nrow(blocks[[g]]) * cov(H[[g]])
  }
  limits <- NULL
  for (g in seq_along(blocks)) for (s in seq_len(k)) {
    m <- nrow(blocks[[g]]); v <- 0
    for (u in seq_along(blocks)) {
      pull <- apply(blocks[[u]], 1, function(row) -sum(sapply(row, function(z) mean(count(blocks[[g]][, s], z))))) / N
      if (u == g) pull <- pull + H[[g]][, s] / m
      v <- v + nrow(blocks[[u]]) * var(pull)
    }
    w <- m / N; q <- (mean(H[[g]][, s]) - w / 2) / (1 - w)
    z <- qlogis(q) + c(-1, 1) * qnorm(.975) * sqrt(v) / (1 - w) / (q * (1 - q))
    limits <- rbind(limits, w / 2 + (1 - w) * plogis(z))
  }
  list(p = p, V = V, n = n, k = k, limits = limits)
}
tests <- function(C, r) {
  T <- t(C) %*% ginv(C %*% t(C)) %*% C
  S <- C %*% r$V %*% t(C); tv <- T %*% r$V
  W <- r$n * t(C %*% r$p) %*% ginv(S) %*% C %*% r$p
  dfw <- round(sum(diag(S %*% ginv(S))))
  A <- r$n * t(r$p) %*% T %*% r$p / sum(diag(tv)); f <- sum(diag(tv))^2 / sum(diag(tv %*% tv))
  list(wald = c(W), wald_df = dfw, wald_p = pchisq(c(W), dfw, lower.tail = FALSE), anova = c(A), anova_df = f,
       anova_p = pchisq(c(A) * f, f, lower.tail = FALSE))
}
one <- analyse(list(boys)); P <- diag(4) - 1 / 4
two <- analyse(list(girls, boys)); Pa <- diag(2) - 1 / 2; J <- function(k) matrix(1 / k, 1, k)
write_json(list(
  origin = paste(R.version.string, "with nlme", packageVersion("nlme"), "(data Orthodont: Potthoff and Roy 1964)"),
  boys = boys, girls = girls,
  one = c(list(effect = one$p, limits = one$limits), tests(P, one)),
  two = list(effect = two$p, limits = two$limits, group = tests(kronecker(Pa, J(4)), two),
             visit = tests(kronecker(J(2), P), two), interaction = tests(kronecker(Pa, P), two))
), "tests/reference/data/relative_effects.json", digits = 15, auto_unbox = TRUE)
