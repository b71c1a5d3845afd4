# Likelihood ratios per second of pedprobr for the families that peers.py writes down.
# Prints, for each: name, log10 of the first ratio, ratios per second.
suppressPackageStartupMessages({
  library(jsonlite)
  library(pedtools)
  library(pedprobr)
})

task <- fromJSON(commandArgs(trailingOnly = TRUE)[1], simplifyVector = FALSE)
seconds <- 10

pedigree <- function(persons) {
  parent <- function(p, key) if (is.null(p[[key]])) "0" else p[[key]]
  ped(
    id = vapply(persons, function(p) p$id, ""),
    fid = vapply(persons, parent, "", key = "father"),
    mid = vapply(persons, parent, "", key = "mother"),
    sex = vapply(persons, function(p) if (p$sex == "M") 1L else 2L, 1L)
  )
}

with_markers <- function(x) {
  for (m in task$markers) {
    freqs <- setNames(unlist(m$freqs), unlist(m$alleles))
    x <- addMarker(x, name = m$name, alleles = names(freqs), afreq = freqs)
    x <- setMutmod(x, markers = m$name, model = "stepwise",
                   rate = list(female = m$female$rate, male = m$male$rate),
                   rate2 = m$female$rate2, range = m$female$range)
  }
  x
}

typed <- function(x, profiles) {
  for (id in names(profiles)) if (id %in% unlist(labels(x)))
    for (name in names(profiles[[id]]))
      x <- setGenotype(x, marker = name, id = id, geno = profiles[[id]][[name]])
  x
}

for (family in task$families) {
  kin <- typed(with_markers(pedigree(family$kin)), family$profiles)
  stranger <- lapply(
    family$stranger, function(part) typed(with_markers(pedigree(part)), family$profiles))
  ratio <- function() {
    below <- Reduce(`*`, lapply(stranger, likelihood))
    sum(log10(likelihood(kin) / below))
  }
  first <- ratio()
  begun <- proc.time()[["elapsed"]]
  done <- 0
  while (proc.time()[["elapsed"]] - begun < seconds) {
    ratio()
    done <- done + 1
  }
  each <- done / (proc.time()[["elapsed"]] - begun)
  cat(family$name, format(first, digits = 15), each, "\n")
}
