//===- ResolveGradients.cpp - replaces gradients of functions -------------===//
//
//   func.func private @f(%x: !model.array<f32>) -> !model.array<f32> {
//     %0 = model.exp %x : <f32>
//     return %0
//   }
//   %y, %dx = model.gradient @f(%a) wrt [0]
// becomes
//   %y = model.exp %a : <f32>
//   %one = model.fill 1.0 : f32 : <f32>
//   %dx = model.mul %one, %y : <f32>
//
// The callee's body is copied into a block with arguments of its own, so that
// two arguments that are given the same value stay two; then the block is
// walked backwards. A value is varied if it depends on what is differentiated
// by; cotangents are kept for varied values only. Callees are resolved first,
// so that no gradient ever contains another.
//
//===----------------------------------------------------------------------===//
#include "dialect/Gradient.h"
#include "dialect/Names.h"
#include "dialect/Ops.h"
#include "passes/InlineCalls.h"
#include "passes/Locations.h"
#include "passes/Passes.h"

namespace mlir::model {
#define GEN_PASS_DEF_RESOLVEGRADIENTS
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;
using namespace mlir::model;

using Cotangents = FailureOr<SmallVector<Value>>;
using Seeds = ArrayRef<std::pair<Value, Value>>;

static Value createFill(OpBuilder &builder, Location location, Type type,
                        double number) {
  auto array = cast<ArrayType>(type);
  TypedAttr value = builder.getFloatAttr(array.getElementType(), number);
  return builder.create<FillOp>(location, array, value);
}

static bool isFloatArray(Type type) { return cast<ArrayType>(type).isFloat(); }

namespace {
/// Finds functions whose gradients are resolved; resolves them on demand.
class FunctionResolver {
public:
  explicit FunctionResolver(const SymbolTable &symbols) : symbols(symbols) {}

  /// Replaces all gradients within `function`; `user` is what needs that.
  LogicalResult resolve(func::FuncOp function, Location user);

  func::FuncOp lookup(StringRef name) const {
    return symbols.lookup<func::FuncOp>(name);
  }
  /// The rule of a function that has a gradient of its own, itself resolved.
  FailureOr<func::FuncOp> getRule(CallOp call);

private:
  LogicalResult replace(GradientOp gradient);
  LogicalResult differentiate(GradientOp gradient, Block &block);

  const SymbolTable &symbols;
  /// False while the function is being worked on.
  DenseMap<Operation *, bool> finished;
};

/// Reverse mode over the operations that a block has at first.
class ReverseWalk {
public:
  ReverseWalk(FunctionResolver &functions, OpBuilder &builder, Block &block,
              ValueRange wanted)
      : functions(functions), builder(builder) {
    for (Operation &op : block.without_terminator())
      ops.push_back(&op);
    varied.insert(wanted.begin(), wanted.end());
    propagateVaried(block, varied);
  }

  LogicalResult run() {
    for (Operation *op : llvm::reverse(ops))
      if (failed(visit(op)))
        return failure();
    return success();
  }

  void add(Value value, Value contribution, Location location) {
    if (!varied.contains(value))
      return;
    Value &sum = cotangents[value];
    sum = sum ? builder.create<AddOp>(location, sum, contribution).getResult()
              : contribution;
  }

  bool isVaried(Value value) const { return varied.contains(value); }
  /// The cotangent of `value` when it is complete; null if nothing flows.
  Value takeCotangent(Value value) const;
  OpBuilder &getBuilder() const { return builder; }
  FunctionResolver &getFunctions() const { return functions; }

  void replaceContributions(ValueRange values, ValueRange replacements) {
    for (auto &entry : cotangents)
      for (auto [value, replacement] : llvm::zip(values, replacements))
        if (entry.second == value)
          entry.second = replacement;
  }

private:
  LogicalResult visit(Operation *op);
  LogicalResult visitCall(CallOp call, Value cotangent);

  FunctionResolver &functions;
  OpBuilder &builder;
  SmallVector<Operation *> ops;
  DenseSet<Value> varied;
  DenseMap<Value, Value> cotangents;
};

Cotangents differentiateBlock(FunctionResolver &functions, OpBuilder &builder,
                              Location location, Block &block, Seeds seeds,
                              ValueRange wanted) {
  ReverseWalk walk(functions, builder, block, wanted);
  for (auto [value, cotangent] : seeds)
    walk.add(value, cotangent, location);
  if (failed(walk.run()))
    return failure();
  SmallVector<Value> results;
  for (Value value : wanted)
    results.push_back(walk.takeCotangent(value));
  return results;
}

/// What the rule of one operation sees of the walk.
class OperationRule : public GradientRule {
public:
  OperationRule(ReverseWalk &walk, Operation *op, ArrayRef<Value> cotangents)
      : walk(walk), op(op), place(gradientLocation(op->getLoc())),
        cotangents(cotangents) {}

  Operation *operation() const override { return op; }
  OpBuilder &builder() const override { return walk.getBuilder(); }
  Location location() const override { return place; }
  bool hasCotangent(unsigned result) const override {
    return cotangents[result] != nullptr;
  }
  Value cotangentValue(unsigned result) override {
    if (Value cotangent = cotangents[result])
      return cotangent;
    return createFill(builder(), place, op->getResult(result).getType(), 0.0);
  }
  bool needs(unsigned operand) const override {
    return walk.isVaried(op->getOperand(operand));
  }
  void add(unsigned operand, Value contribution) override {
    walk.add(op->getOperand(operand), contribution, place);
  }
  Cotangents differentiate(Block &block, Seeds seeds,
                           ArrayRef<Value> wanted) override {
    return differentiateBlock(walk.getFunctions(), builder(), place, block,
                              seeds, wanted);
  }
  void replaceResults(ValueRange replacements) override {
    walk.replaceContributions(op->getResults(), replacements);
    for (Value &cotangent : cotangents)
      for (auto [result, other] : llvm::zip(op->getResults(), replacements))
        if (cotangent == result)
          cotangent = other;
    op->replaceAllUsesWith(replacements);
  }

private:
  ReverseWalk &walk;
  Operation *op;
  Location place;
  SmallVector<Value> cotangents;
};
} // namespace

/// Cotangents are called after their values: `d_hidden` of `hidden`.
Value ReverseWalk::takeCotangent(Value value) const {
  Value cotangent = cotangents.lookup(value);
  std::string name = nameOf(value);
  if (cotangent && !name.empty())
    nameValue(cotangent, "d_" + name);
  return cotangent;
}

LogicalResult ReverseWalk::visit(Operation *op) {
  // Taken out of the map, since the rule may erase the operation.
  SmallVector<Value> received;
  for (Value result : op->getResults()) {
    received.push_back(takeCotangent(result));
    cotangents.erase(result);
  }
  if (llvm::all_of(received, [](Value cotangent) { return !cotangent; }))
    return success();
  if (auto call = dyn_cast<CallOp>(op))
    return visitCall(call, received.front());
  auto differentiable = dyn_cast<DifferentiableOpInterface>(op);
  if (!differentiable)
    return emitError(op->getLoc())
           << "`" << op->getName() << "` has no gradient";
  OperationRule rule(*this, op, received);
  return differentiable.emitGradient(rule);
}

/// Gives the arguments of a call the cotangents that the callee's rule returns.
LogicalResult ReverseWalk::visitCall(CallOp call, Value cotangent) {
  FailureOr<func::FuncOp> rule = functions.getRule(call);
  if (failed(rule))
    return failure();
  SmallVector<Value> operands(call.getArguments());
  operands.append({call.getResult(0), cotangent});
  SmallVector<Type> types;
  for (Type type : call.getArguments().getTypes())
    if (isFloatArray(type))
      types.push_back(type);
  Location location = gradientLocation(call.getLoc());
  auto ruleCall = builder.create<CallOp>(location, types, rule->getSymName(),
                                         operands, call.getWhereAttr());
  Cotangents results = inlineCall(ruleCall, *rule);
  if (failed(results))
    return failure();
  const Value *next = results->begin();
  for (Value argument : call.getArguments())
    if (isFloatArray(argument.getType()))
      add(argument, *next++, location);
  return success();
}

FailureOr<func::FuncOp> FunctionResolver::getRule(CallOp call) {
  func::FuncOp callee = lookup(call.getCallee());
  auto name = callee->getAttrOfType<FlatSymbolRefAttr>(customGradientName);
  if (!name)
    return emitError(call.getLoc()) << "`" << call.getCallee()
                                    << "` is called where its gradient is "
                                       "needed; calls must be inlined before";
  func::FuncOp rule = lookup(name.getValue());
  FunctionType type = callee.getFunctionType();
  SmallVector<Type> inputs(type.getInputs()), floats;
  llvm::copy_if(type.getInputs(), std::back_inserter(floats), isFloatArray);
  inputs.append(2, type.getNumResults() == 1 ? type.getResult(0) : Type());
  if (!rule || type.getNumResults() != 1 ||
      rule.getFunctionType() !=
          FunctionType::get(callee.getContext(), inputs, floats))
    return emitError(callee.getLoc())
           << "`" << name.getValue() << "` is no gradient of `"
           << callee.getSymName()
           << "`; wanted a function of its arguments, its only result and the "
              "result's cotangent that returns cotangents of its float "
              "arguments";
  if (failed(resolve(rule, call.getLoc())))
    return failure();
  return rule;
}

LogicalResult FunctionResolver::resolve(func::FuncOp function, Location user) {
  auto [entry, isNew] = finished.try_emplace(function, false);
  if (!isNew && !entry->second)
    return emitError(user) << "the gradient of `" << function.getSymName()
                           << "` needs itself; it has no end";
  if (!isNew)
    return success();
  SmallVector<GradientOp> gradients;
  WalkResult result = function.walk([&](Operation *op) {
    StringRef callee;
    if (auto call = dyn_cast<CallOp>(op)) {
      callee = call.getCallee();
    } else if (auto gradient = dyn_cast<GradientOp>(op)) {
      callee = gradient.getCallee();
      gradients.push_back(gradient);
    } else {
      return WalkResult::advance();
    }
    return WalkResult(resolve(lookup(callee), op->getLoc()));
  });
  if (result.wasInterrupted())
    return failure();
  for (GradientOp gradient : gradients)
    if (failed(replace(gradient)))
      return failure();
  finished[function] = true;
  return success();
}

LogicalResult FunctionResolver::replace(GradientOp gradient) {
  Block block;
  if (failed(differentiate(gradient, block)))
    return failure();
  Operation *yield = block.getTerminator();
  gradient.replaceAllUsesWith(yield->getOperands());
  yield->erase();
  for (auto [argument, operand] :
       llvm::zip(block.getArguments(), gradient.getArguments()))
    argument.replaceAllUsesWith(operand);
  gradient->getBlock()->getOperations().splice(Block::iterator(gradient),
                                               block.getOperations());
  gradient.erase();
  return success();
}

/// Tells equal names apart, so that `d_relu_0` is the cotangent of `relu_0`.
/// The numbers are those that the printer would choose.
static void numberNames(Block &block) {
  llvm::StringMap<unsigned> known;
  for (BlockArgument argument : block.getArguments())
    known.try_emplace(nameOf(argument), 0);
  block.walk<WalkOrder::PreOrder>([&](Operation *op) {
    std::string name = nameOf(op->getLoc()).str();
    if (name.empty() || op->getNumResults() != 1)
      return;
    auto [entry, isNew] = known.try_emplace(name, 0);
    if (!isNew)
      op->setLoc(nameLocation(op->getLoc(),
                              name + "_" + std::to_string(entry->second++)));
  });
}

/// Fills `block` with the callee's body and its gradient; it yields what
/// `gradient` has as results.
LogicalResult FunctionResolver::differentiate(GradientOp gradient,
                                              Block &block) {
  Location location = gradient.getLoc();
  func::FuncOp callee = lookup(gradient.getCallee());
  for (auto [operand, parameter] :
       llvm::zip(gradient.getArguments(), callee.getArguments())) {
    std::string name = nameOf(operand);
    block.addArgument(operand.getType(),
                      nameLocation(operand.getLoc(),
                                   name.empty() ? nameOf(parameter) : name));
  }
  OpBuilder builder(location.getContext());
  builder.setInsertionPointToEnd(&block);
  size_t count = gradient.getNumResults() - gradient.getWrt().size();
  auto call = builder.create<CallOp>(
      location, TypeRange(gradient.getResultTypes()).take_front(count),
      gradient.getCallee(), block.getArguments(), gradient.getWhereAttr());
  // The yield follows results that are made again by the rule of scans.
  auto yield = builder.create<YieldOp>(location, call.getResults());
  // A gradient has about four times the operations of its function.
  if (countOperations(callee) > maximumOperations / 4)
    return emitError(gradient.getLoc())
           << "the gradient of `" << gradient.getCallee()
           << "` would have more than " << maximumOperations << " operations";
  if (!callee->hasAttr(customGradientName) && failed(inlineCall(call, callee)))
    return failure();

  numberNames(block);
  builder.setInsertionPoint(yield);
  location = gradientLocation(location);
  Value one = createFill(builder, location, yield.getOperand(0).getType(), 1.0);
  SmallVector<Value> wanted;
  for (int64_t index : gradient.getWrt())
    wanted.push_back(block.getArgument(index));
  Cotangents cotangents = differentiateBlock(
      *this, builder, location, block, {{yield.getOperand(0), one}}, wanted);
  if (failed(cotangents))
    return failure();
  for (auto [cotangent, argument] : llvm::zip(*cotangents, wanted))
    yield.getValuesMutable().append(
        cotangent ? cotangent
                  : createFill(builder, location, argument.getType(), 0.0));
  return success();
}

/// The functions that others than functions need: public ones, and those that a
/// declaration names.
static SmallVector<func::FuncOp> findRoots(ModuleOp module,
                                           const SymbolTable &symbols) {
  llvm::SetVector<func::FuncOp> roots;
  for (Operation &op : module.getOps()) {
    if (auto function = dyn_cast<func::FuncOp>(op)) {
      if (function.isPublic())
        roots.insert(function);
      continue;
    }
    auto uses = SymbolTable::getSymbolUses(&op);
    for (SymbolTable::SymbolUse use : *uses)
      if (auto function = symbols.lookup<func::FuncOp>(
              use.getSymbolRef().getRootReference()))
        roots.insert(function);
  }
  return roots.takeVector();
}

namespace {
struct ResolveGradientsPass
    : model::impl::ResolveGradientsBase<ResolveGradientsPass> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    SmallVector<func::FuncOp> roots = findRoots(getOperation(), symbols);
    FunctionResolver resolver(symbols);
    for (func::FuncOp root : roots)
      if (failed(resolver.resolve(root, root.getLoc())))
        return signalPassFailure();
    // Calls of functions that have a gradient of their own are left.
    CallInliner inliner(symbols, /*keepCustomGradients=*/false);
    for (func::FuncOp root : roots) {
      if (failed(inliner.inlineInto(root)))
        return signalPassFailure();
      root.walk([](StopGradientOp op) { // has done its work
        op.replaceAllUsesWith(op.getOperand());
        op.erase();
      });
    }
    for (auto function :
         llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>()))
      if (!llvm::is_contained(roots, function))
        function.erase();
  }
};
} // namespace
