# Quantiles of types 1 to 9, Tukey's five numbers, summaries and the order-statistic interval of a median.
# Run: Rscript reference/quantiles.R > tests/reference/data/quantiles.json
suppressMessages(library(jsonlite))

probs <- c(0, 0.05, 0.1, 0.25, 0.3, 0.35, 0.5, 0.65, 0.75, 0.9, 0.95, 1)
samples <- list(
  one = c(4.2),
  two = c(1, 2),
  three = c(3, 1, 8),
  four = c(7.3, 4.0, 6.0, 1.5),
  seven = 1:7,
  eight_tied = c(0, 0, 0, 2, 2, 5, 5, 9),
  precip_head = c(67, 54.7, 7, 48.5, 14, 17.2, 20.7, 13, 43.4, 40.2, 38.9, 54.5, 59.8, 48.3, 22.9),
  twenty = 1:20,
  rivers_head = c(735, 320, 325, 392, 524, 450, 1459, 135, 465, 600, 330, 336, 280, 315, 870, 906, 202, 329, 290, 1000)
)

median_interval <- function(x, level) {
  n <- length(x)
  r <- qbinom((1 - level) / 2, n, 0.5)
  # The least r with P(B <= r) >= tail is a valid rank; one more is too where the tail is met exactly.
  if (2 * pbinom(r, n, 0.5) <= 1 - level) r <- r + 1
  s <- sort(x)
  if (r < 1) return(list(level = level, low = NULL, high = NULL, attained = 1 - 2 * pbinom(0, n, 0.5)))
  list(level = level, low = s[r], high = s[n - r + 1], attained = 1 - 2 * pbinom(r - 1, n, 0.5))
}

one <- function(x) {
  list(
    x = I(x),
    quantiles = lapply(1:9, function(type) unname(quantile(x, probs, type = type))),
    fivenum = fivenum(x),
    mean = mean(x),
    sd = if (length(x) > 1) sd(x) else NULL,
    median_interval = lapply(c(0.9, 0.95, 0.99), function(level) median_interval(x, level))
  )
}

result <- list(
  produced_by = paste("R", getRversion()),
  probs = probs,
  samples = lapply(samples, one)
)
cat(toJSON(result, digits = NA, auto_unbox = TRUE, null = "null"), "\n")
