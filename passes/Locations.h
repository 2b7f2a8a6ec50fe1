//===- Locations.h - provenance ---------------------------------*- C++ -*-===//
//
// Which lines of the user's program an operation comes from.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_PASSES_LOCATIONS_H
#define MODEL_PASSES_LOCATIONS_H

#include "mlir/IR/Location.h"
#include "llvm/ADT/SmallVector.h"

namespace mlir::model {

/// One location for what two operations did; at most eight different ones are
/// kept.
Location fuseLocations(Location a, Location b);

/// The location of an operation that the gradient of something at `location`
/// consists of.
Location gradientLocation(Location location);

/// The places of the user's program that `location` names, in order and without
/// repetition. Calls count by their innermost place outside of the standard
/// library.
void collectUserLines(Location location,
                      llvm::SmallVectorImpl<FileLineColLoc> &lines);

/// Whether a user's line can be reached from `location`.
bool hasUserLine(Location location);

/// "forward", "gradient" or "update": which part of a training step the
/// location says it is.
StringRef locationRole(Location location);

/// "wine.model:12, wine.model:14".
std::string describeLocation(Location location);

} // namespace mlir::model

#endif
