# Values for tests/unit/test_paired_t.py. R 4.2.2 (Debian 12); run from the root of the project: Rscript reference/paired_t.R
suppressMessages(library(jsonlite))
one <- function(before, after, level) {
  t <- t.test(after, before, paired = TRUE, conf.level = level)
  list(before = before, after = after, conf_level = level, estimate = unname(t$estimate), low = t$conf.int[1], high = t$conf.int[2],
       statistic = unname(t$statistic), df = unname(t$parameter), p_value = t$p.value, error = t$stderr)
}
first <- sleep$extra[sleep$group == 1]; second <- sleep$extra[sleep$group == 2]
cases <- list(one(first, second, 0.95), one(first, second, 0.9), one(c(29, 44, 41, 20, 33, 38, 27), c(45, 52, 50, 35, 41, 45, 33), 0.95),
  one(c(6, 4, 7, 5), c(6.5, 3.9, 7, 5.2), 0.99), one(c(1, 2), c(3, 9), 0.95), one(1:20 / 7, (1:20 / 7)^2 - 3, 0.95))
write_json(list(origin = R.version.string, cases = cases), "tests/reference/data/paired_t.json", digits = 17, auto_unbox = TRUE)
