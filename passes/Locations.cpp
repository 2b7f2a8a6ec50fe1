//===- Locations.cpp - provenance -----------------------------------------===//
//
// Fuses locations and reads the user's lines back from them.
//
//===----------------------------------------------------------------------===//
#include "passes/Locations.h"
#include "dialect/Names.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/Path.h"

using namespace mlir;

/// A fused location beyond this size no longer helps anybody.
static constexpr size_t maximalLocations = 8;

/// What marks the locations of derivatives and of parameter updates.
static constexpr StringRef gradientName = "gradient of",
                           updateName = "update of";

Location model::fuseLocations(Location a, Location b) {
  SmallVector<Location, 8> kept;
  // A name does not make another place: the first part gives the name.
  llvm::SmallSetVector<Location, 8> places;
  auto add = [&](Location part) {
    Location place = withoutNames(part);
    if (places.size() < maximalLocations && places.insert(place))
      kept.push_back(kept.empty() ? part : place);
  };
  for (Location location : {a, b}) {
    if (auto fused = dyn_cast<FusedLoc>(location))
      llvm::for_each(fused.getLocations(), add);
    else if (!isa<UnknownLoc>(location))
      add(location);
  }
  return FusedLoc::get(kept, {}, a.getContext());
}

Location model::gradientLocation(Location location) {
  if (auto name = dyn_cast<NameLoc>(location))
    if (name.getName() == gradientName)
      return location;
  return NameLoc::get(StringAttr::get(location.getContext(), gradientName),
                      location);
}

/// Library files are embedded in the compiler and named "<name>".
static bool isUserFile(StringRef file) {
  return !file.empty() && !file.starts_with("<");
}

static bool collect(Location location,
                    llvm::SmallSetVector<FileLineColLoc, 4> &lines) {
  if (auto place = dyn_cast<FileLineColLoc>(location)) {
    if (!isUserFile(place.getFilename().getValue()))
      return false;
    lines.insert(place);
    return true;
  }
  if (auto name = dyn_cast<NameLoc>(location))
    return collect(name.getChildLoc(), lines);
  if (auto call = dyn_cast<CallSiteLoc>(location))
    return collect(call.getCallee(), lines) || collect(call.getCaller(), lines);
  bool any = false;
  if (auto fused = dyn_cast<FusedLoc>(location))
    for (Location part : fused.getLocations())
      any |= collect(part, lines);
  return any;
}

void model::collectUserLines(Location location,
                             SmallVectorImpl<FileLineColLoc> &lines) {
  llvm::SmallSetVector<FileLineColLoc, 4> set;
  collect(location, set);
  lines.append(set.begin(), set.end());
}

bool model::hasUserLine(Location location) {
  llvm::SmallSetVector<FileLineColLoc, 4> lines;
  return collect(location, lines);
}

StringRef model::locationRole(Location location) {
  StringRef role = "forward";
  location->walk([&](Location part) {
    auto name = dyn_cast<NameLoc>(part);
    if (name && name.getName() == gradientName)
      role = "gradient";
    if (name && name.getName() == updateName)
      role = "update";
    return role == "update" ? WalkResult::interrupt() : WalkResult::advance();
  });
  return role;
}

std::string model::describeLocation(Location location) {
  SmallVector<FileLineColLoc> lines;
  collectUserLines(location, lines);
  std::string text;
  StringRef lastFile;
  unsigned lastLine = 0;
  for (FileLineColLoc line : lines) {
    StringRef file = llvm::sys::path::filename(line.getFilename().getValue());
    if (file == lastFile && line.getLine() == lastLine)
      continue;
    text += (text.empty() ? "" : ", ") + file.str() + ":" +
            std::to_string(line.getLine());
    lastFile = file;
    lastLine = line.getLine();
  }
  return text;
}
