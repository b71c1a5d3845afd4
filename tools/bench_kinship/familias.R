# Likelihood ratios per second of Familias for the families that peers.py writes down.
# Prints, for each: name, log10 of the first ratio, ratios per second.
suppressPackageStartupMessages({
  library(jsonlite)
  library(Familias)
})

task <- fromJSON(commandArgs(trailingOnly = TRUE)[1], simplifyVector = FALSE)
seconds <- 10

loci <- lapply(task$markers, function(m) FamiliasLocus(
  frequencies = unlist(m$freqs), allelenames = unlist(m$alleles), name = m$name,
  femaleMutationModel = "Stepwise", femaleMutationRate = m$female$rate,
  femaleMutationRate2 = m$female$rate2, femaleMutationRange = m$female$range,
  maleMutationModel = "Stepwise", maleMutationRate = m$male$rate,
  maleMutationRate2 = m$male$rate2, maleMutationRange = m$male$range))

pedigree <- function(persons) {
  parent <- function(p, key) if (is.null(p[[key]])) NA_character_ else p[[key]]
  FamiliasPedigree(
    id = vapply(persons, function(p) p$id, ""),
    dadid = vapply(persons, parent, "", key = "father"),
    momid = vapply(persons, parent, "", key = "mother"),
    sex = vapply(persons, function(p) if (p$sex == "M") "male" else "female", "")
  )
}

# A row a person, two columns a marker.
typed <- function(profiles) {
  rows <- lapply(profiles, function(profile) unlist(lapply(task$markers, function(m) {
    shown <- profile[[m$name]]
    if (is.null(shown)) c(NA, NA) else strsplit(shown, "/")[[1]]
  })))
  as.data.frame(do.call(rbind, rows), stringsAsFactors = FALSE)
}

for (family in task$families) {
  both <- list(
    kin = pedigree(family$kin),
    stranger = pedigree(do.call(c, family$stranger)))
  data <- typed(family$profiles)
  ratio <- function() {
    done <- FamiliasPosterior(both, loci, data, ref = 2)
    sum(log10(done$LRperMarker[, 1]))
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
