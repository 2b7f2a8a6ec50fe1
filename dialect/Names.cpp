//===- Names.cpp - what values are called in the text of a module ---------===//
//
// Reads and writes names in locations, and gives them to the printer of MLIR through an interface
// that all operations of the dialect share.
//
//===----------------------------------------------------------------------===//
#include "dialect/Names.h"
#include "dialect/Model.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::model;

/// Letters, digits, `_` and `.`, not beginning with a digit: what MLIR prints as it is.
static bool isName(StringRef text) {
  return !text.empty() && !llvm::isDigit(text.front()) &&
         llvm::all_of(text, [](char c) { return llvm::isAlnum(c) || c == '_' || c == '.'; });
}

Location model::nameLocation(Location location, StringRef name) {
  if (!isName(name) || nameOf(location) == name)
    return location;
  if (auto named = dyn_cast<NameLoc>(location); named && isName(named.getName()))
    location = named.getChildLoc();
  return NameLoc::get(StringAttr::get(location.getContext(), name), location);
}

StringRef model::nameOf(Location location) {
  if (auto named = dyn_cast<NameLoc>(location))
    return isName(named.getName()) ? named.getName().strref() : StringRef();
  if (auto call = dyn_cast<CallSiteLoc>(location))
    return nameOf(call.getCallee());
  if (auto fused = dyn_cast<FusedLoc>(location))
    for (Location part : fused.getLocations())
      if (StringRef name = nameOf(part); !name.empty())
        return name;
  return {};
}

/// `blocks.*.w`, of all elements of an array of modules, is `blocks.w`.
static std::string withoutStars(StringRef name) {
  SmallVector<StringRef> parts;
  name.split(parts, '.', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  llvm::erase(parts, "*");
  return llvm::join(parts, ".");
}

std::string model::nameOf(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  auto function = argument ? dyn_cast_or_null<FunctionOpInterface>(
                                 argument.getOwner()->getParentOp())
                           : FunctionOpInterface();
  if (function && argument.getOwner()->isEntryBlock()) {
    unsigned number = argument.getArgNumber();
    if (auto slot = function.getArgAttrOfType<FlatSymbolRefAttr>(number, "model.slot"))
      return withoutStars(slot.getValue());
    for (StringRef attribute : {"model.name", "model.input"})
      if (auto name = function.getArgAttrOfType<StringAttr>(number, attribute))
        return name.str();
  }
  // A location names the first of several results.
  auto result = dyn_cast<OpResult>(value);
  return result && result.getResultNumber() > 0 ? "" : nameOf(value.getLoc()).str();
}

namespace {
/// Answers for every operation of the dialect that has no answer of its own.
struct NamingModel : OpAsmOpInterface::FallbackModel<NamingModel> {
  void getAsmResultNames(Operation *op, OpAsmSetValueNameFn set) const {
    StringRef name = model::nameOf(op->getLoc());
    if (op->getNumResults() > 0 && !name.empty())
      set(op->getResult(0), name);
  }
  void getAsmBlockArgumentNames(Operation *, Region &region, OpAsmSetValueNameFn set) const {
    for (BlockArgument argument : region.getArguments())
      if (StringRef name = model::nameOf(argument.getLoc()); !name.empty())
        set(argument, name);
  }
  void getAsmBlockNames(Operation *, OpAsmSetBlockNameFn) const {}
  static StringRef getDefaultDialect() { return ""; }
};
} // namespace

void *ModelDialect::getRegisteredInterfaceForOp(TypeID interface, OperationName) {
  static NamingModel naming;
  return interface == OpAsmOpInterface::getInterfaceID() ? &naming : nullptr;
}
