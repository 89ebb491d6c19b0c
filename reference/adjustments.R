# p-values adjusted by each method of p.adjust.
# Run: Rscript reference/adjustments.R > tests/reference/data/adjustments.json
suppressMessages(library(jsonlite))

set.seed(4)
families <- list(
  six_pairs = c(0.000925, 0.00375, 0.0019, 0.06, 0.37, 1),
  tied = c(0.01, 0.01, 0.04, 0.04, 0.2),
  one = 0.03,
  spread = c(0.001, 0.5, 0.04, 0.03, 0.02, 0.01, 0.9, 0.006),
  random = round(runif(15)^2, 6),
  with_zero = c(0, 0.5, 1)
)
methods <- c("bonferroni", "holm", "hochberg", "hommel", "BH", "none")
result <- list(
  produced_by = paste("R", getRversion()),
  families = lapply(families, function(p) {
    list(p = I(p), adjusted = setNames(lapply(methods, function(m) I(p.adjust(p, m))), tolower(methods)))
  })
)
cat(toJSON(result, digits = NA, auto_unbox = TRUE, null = "null"), "\n")
