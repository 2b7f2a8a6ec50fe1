//===- Names.cpp - what values are called in the text of a module ---------===//
//
// Reads and writes names in locations, and gives them to the printer of MLIR
// through an interface that all operations of the dialect share.
//
//===----------------------------------------------------------------------===//
#include "dialect/Names.h"
#include "dialect/Model.h"
#include "dialect/ops/Control.h"
#include "dialect/ops/Kernel.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::model;

/// Letters, digits, `_` and `.`, not beginning with a digit: what MLIR prints
/// as it is.
static bool isName(StringRef text) {
  return !text.empty() && !llvm::isDigit(text.front()) &&
         llvm::all_of(text, [](char c) {
           return llvm::isAlnum(c) || c == '_' || c == '.';
         });
}

Location model::nameLocation(Location location, StringRef name) {
  if (!isName(name) || nameOf(location) == name)
    return location;
  if (auto named = dyn_cast<NameLoc>(location);
      named && isName(named.getName()))
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

Location model::withoutNames(Location location) {
  if (auto named = dyn_cast<NameLoc>(location)) {
    Location child = withoutNames(named.getChildLoc());
    return isName(named.getName()) ? child
                                   : NameLoc::get(named.getName(), child);
  }
  if (auto call = dyn_cast<CallSiteLoc>(location))
    return CallSiteLoc::get(withoutNames(call.getCallee()),
                            withoutNames(call.getCaller()));
  if (auto fused = dyn_cast<FusedLoc>(location))
    return FusedLoc::get(
        llvm::map_to_vector(fused.getLocations(), withoutNames),
        fused.getMetadata(), location.getContext());
  return location;
}

static constexpr StringLiteral stackSuffix = ".all";

static bool isConstant(Operation *op) {
  return op->hasTrait<OpTrait::ConstantLike>();
}

/// What the body of a scan or kernel yields for one of its results; null for
/// results of others.
static Value yieldedFor(OpResult result) {
  Operation *op = result.getOwner();
  // One that is being built has no body yet.
  if (!isa<ScanOp, KernelOp>(op) || op->getRegion(0).empty() ||
      op->getRegion(0).front().empty())
    return {};
  auto yield = dyn_cast<YieldOp>(op->getRegion(0).front().back());
  bool isKnown = yield && result.getResultNumber() < yield->getNumOperands();
  return isKnown ? yield->getOperand(result.getResultNumber()) : Value();
}

static std::string nameOfArgument(BlockArgument argument) {
  unsigned number = argument.getArgNumber();
  Operation *parent = argument.getOwner()->getParentOp();
  auto function = dyn_cast_or_null<FunctionOpInterface>(parent);
  if (function && argument.getOwner()->isEntryBlock()) {
    StringRef name;
    if (auto slot =
            function.getArgAttrOfType<FlatSymbolRefAttr>(number, "model.slot"))
      name = slot.getValue();
    for (StringRef attribute : {"model.name", "model.input"})
      if (auto text = function.getArgAttrOfType<StringAttr>(number, attribute);
          text && name.empty())
        name = text;
    if (isName(name))
      return name.str();
  }
  std::string name = nameOf(argument.getLoc()).str();
  auto kernel = dyn_cast_or_null<KernelOp>(parent);
  bool isOperand = kernel && number < kernel.getInputs().size();
  return name.empty() && isOperand ? nameOf(kernel.getInputs()[number]) : name;
}

std::string model::nameOf(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return nameOfArgument(argument);
  auto result = cast<OpResult>(value);
  Operation *made = result.getOwner();
  auto scan = dyn_cast<ScanOp>(made);
  // A location names the first of several results.
  StringRef own =
      result.getResultNumber() == 0 ? nameOf(made->getLoc()) : StringRef();
  if (scan && !own.empty())
    return own.str();
  if (Value yielded = yieldedFor(result)) {
    std::string name = nameOf(yielded);
    bool isStack = scan && result.getResultNumber() >= scan.getCarries().size();
    return isStack && !name.empty() ? name + stackSuffix.str() : name;
  }
  bool isShared = isConstant(made) && isa<FusedLoc>(made->getLoc());
  return isShared ? "" : own.str();
}

void model::nameValue(Value value, StringRef name) {
  auto result = dyn_cast<OpResult>(value);
  if (!result)
    return;
  if (Value yielded = yieldedFor(result))
    return nameValue(yielded, name);
  Operation *made = result.getOwner();
  if (made->getNumResults() == 1 && !isConstant(made) &&
      nameOf(made->getLoc()).empty())
    made->setLoc(nameLocation(made->getLoc(), name));
}

namespace {
/// Answers for every operation of the dialect that has no answer of its own.
struct NamingModel : OpAsmOpInterface::FallbackModel<NamingModel> {
  void getAsmResultNames(Operation *op, OpAsmSetValueNameFn set) const {
    SmallVector<std::string> names;
    for (Value result : op->getResults())
      names.push_back(nameOf(result));
    if (llvm::all_of(names, [](StringRef name) { return name.empty(); }))
      return;
    // One without a name gets a number, and is no `%name#1`.
    for (auto [result, name] : llvm::zip(op->getResults(), names))
      set(result, name);
  }
  void getAsmBlockArgumentNames(Operation *, Region &region,
                                OpAsmSetValueNameFn set) const {
    for (BlockArgument argument : region.getArguments())
      if (std::string name = model::nameOf(argument); !name.empty())
        set(argument, name);
  }
  void getAsmBlockNames(Operation *, OpAsmSetBlockNameFn) const {}
  static StringRef getDefaultDialect() { return ""; }
};
} // namespace

void *ModelDialect::getRegisteredInterfaceForOp(TypeID interface,
                                                OperationName) {
  static NamingModel naming;
  return interface == OpAsmOpInterface::getInterfaceID() ? &naming : nullptr;
}
