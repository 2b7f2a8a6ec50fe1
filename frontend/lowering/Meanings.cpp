// Meanings.cpp: what the results of functions are, by what the losses do with
// them.
//
// A loss that takes the difference of a value and a field says that they are in
// the same units; so does a function with the parameters `prediction` and
// `target`. One with `logits` and `target`, or `log_probability` and `target`,
// says what scores of classes are. From there the value is followed back to the
// functions that have made it, and an exported function whose result is that of
// one of them, or is made of it by softmax and the like, gives the same.
#include "frontend/lowering/Meanings.h"
#include "dialect/ops/Elementwise.h"
#include "dialect/ops/Reduction.h"
#include "dialect/ops/Shape.h"

using namespace mlir;

namespace modelc::lowering {

/// Deeper than any program that can be built.
static constexpr unsigned deepest = 4000;

llvm::StringRef Meaning::word() const {
  static constexpr llvm::StringLiteral words[] = {
      "",      "number", "logits",     "log_probabilities", "probabilities",
      "class", "logit",  "probability"};
  return words[kind];
}

Meanings::Meanings(const std::deque<FunctionInstance> &functions,
                   const llvm::DenseSet<const SourceFile *> &library)
    : functions(functions), library(library) {}

const FunctionInstance *Meanings::calleeOf(model::CallOp call) {
  for (; seen < functions.size(); ++seen) {
    const FunctionInstance &made = functions[seen];
    func::FuncOp function = made.function;
    if (function && made.declaration)
      instances[function.getSymName()] = &made;
  }
  return instances.lookup(call.getCallee());
}

bool Meanings::isLibrary(const FunctionInstance &callee,
                         llvm::StringRef name) const {
  return callee.declaration->name.name == name &&
         library.contains(callee.declaration->range.file);
}

//===----------------------------------------------------------------------===//
// Comparisons
//===----------------------------------------------------------------------===//

void Meanings::compare(Block &block, llvm::ArrayRef<BlockArgument> fields) {
  Context &context = contexts.emplace_back();
  for (auto [i, field] : llvm::enumerate(fields))
    context.fields[field] = i;
  visit(block, context);
}

/// Only what gets a field as it is can compare it.
void Meanings::visit(Block &block, Context &context) {
  auto fieldOf = [&](Value value) -> std::optional<int64_t> {
    auto found = context.fields.find(value);
    return found == context.fields.end() ? std::nullopt
                                         : std::optional(found->second);
  };
  for (Operation &op : block) {
    if (isa<model::ReshapeOp, model::CastOp>(op)) {
      if (auto field = fieldOf(op.getOperand(0)))
        context.fields[op.getResult(0)] = *field;
    } else if (isa<model::SubOp>(op)) {
      for (unsigned i : {0, 1})
        if (auto field = fieldOf(op.getOperand(i)))
          record(&context, op.getOperand(1 - i), {Meaning::Number, *field});
    } else if (auto call = dyn_cast<model::CallOp>(op)) {
      visitCall(call, context);
    }
  }
}

void Meanings::visitCall(model::CallOp call, Context &context) {
  const FunctionInstance *callee = calleeOf(call);
  if (!callee)
    return;
  func::FuncOp function = callee->function;
  std::vector<int64_t> given;
  for (Value argument : call.getArguments()) {
    auto field = context.fields.find(argument);
    given.push_back(field == context.fields.end() ? -1 : field->second);
  }
  if (llvm::all_of(given, [](int64_t field) { return field < 0; }))
    return;
  auto [summary, isNew] = summaries.try_emplace({callee, given});
  if (isNew) {
    Context &inside = contexts.emplace_back();
    inside.summary = &summary->second;
    for (auto [field, taken] : llvm::zip(given, function.getArguments()))
      if (field >= 0)
        inside.fields[taken] = field;
    compareParameters(*callee, inside);
    visit(function.front(), inside);
  }
  for (auto [argument, meaning] : summary->second)
    record(&context, call.getArguments()[argument], meaning);
}

/// What a parameter beside `target` is called says what is given for it: scores
/// of classes are `float[..., C]`, that of one class `float[...]`.
static Meaning::Kind kindOfParameter(const ast::ParameterDeclaration &written) {
  auto *type = llvm::dyn_cast_or_null<ast::ArrayType>(written.type);
  llvm::StringRef name = written.name.name;
  if (!type || type->dimensions.empty())
    return Meaning::Nothing;
  bool hasClasses = !type->dimensions.back().isEllipsis;
  if (name == "prediction")
    return hasClasses ? Meaning::Nothing : Meaning::Number;
  if (name == "logits")
    return hasClasses ? Meaning::Logits : Meaning::Logit;
  if (name == "log_probability" && hasClasses)
    return Meaning::LogProbabilities;
  return Meaning::Nothing;
}

void Meanings::compareParameters(const FunctionInstance &callee,
                                 const Context &inside) {
  func::FuncOp function = callee.function;
  auto parameters = callee.declaration->parameters;
  auto argumentOf = [&](size_t parameter) -> Value {
    if (!llvm::isa_and_nonnull<ast::ArrayType>(parameters[parameter].type))
      return nullptr;
    return function.getArgument(callee.inputs.size() +
                                callee.firstArray[parameter]);
  };
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].name.name != "target" || !argumentOf(i))
      continue;
    auto field = inside.fields.find(argumentOf(i));
    if (field == inside.fields.end())
      continue;
    for (size_t j = 0; j < parameters.size(); ++j) {
      Meaning::Kind kind = kindOfParameter(parameters[j]);
      if (kind != Meaning::Nothing && argumentOf(j))
        record(&inside, argumentOf(j), {kind, field->second});
    }
  }
}

static bool keepsClasses(model::ReshapeOp reshape) {
  auto from = cast<ArrayType>(reshape.getOperand().getType());
  auto to = cast<ArrayType>(reshape.getType());
  return from.getRank() && to.getRank() &&
         from.getShape().back() == to.getShape().back();
}

/// The functions that have made the value give what it is.
void Meanings::record(const Context *context, Value value, Meaning meaning) {
  for (unsigned i = 0; i < deepest; ++i) {
    if (auto argument = dyn_cast<BlockArgument>(value)) {
      if (!isa<func::FuncOp>(argument.getOwner()->getParentOp()))
        return;
      std::pair<unsigned, Meaning> said(argument.getArgNumber(), meaning);
      if (context->summary && !llvm::is_contained(*context->summary, said))
        context->summary->push_back(said);
      model::CallOp call = context->call;
      if (!call)
        return;
      value = call.getArguments()[argument.getArgNumber()];
      context = context->caller;
      continue;
    }
    Operation *op = value.getDefiningOp();
    auto reshape = dyn_cast<model::ReshapeOp>(op);
    if (reshape && (!meaning.isOfClasses() || keepsClasses(reshape))) {
      value = reshape.getOperand();
    } else if (isa<model::LogOp>(op) &&
               meaning.kind == Meaning::LogProbabilities) {
      meaning.kind = Meaning::Probabilities;
      value = op->getOperand(0);
    } else if (!isa<model::CallOp>(op) ||
               !recordCall(context, value, meaning)) {
      return;
    }
  }
}

/// Goes on with what the callee returns, or with what softmax is given.
bool Meanings::recordCall(const Context *&context, Value &value,
                          Meaning &meaning) {
  auto call = cast<model::CallOp>(value.getDefiningOp());
  unsigned number = cast<OpResult>(value).getResultNumber();
  const FunctionInstance *callee = calleeOf(call);
  if (!callee)
    return false;
  bool isSoftmax = isLibrary(*callee, "softmax"),
       isLogSoftmax = isLibrary(*callee, "log_softmax");
  if (isSoftmax || isLogSoftmax) {
    if (meaning.kind !=
        (isSoftmax ? Meaning::Probabilities : Meaning::LogProbabilities))
      return false;
    meaning.kind = Meaning::Logits;
    value = call.getArguments().back();
    return true;
  }
  auto [known, isNew] = compared.insert(
      {Source(callee->declaration, callee->self, number), meaning});
  if (!isNew && !(known->second == meaning))
    known->second.kind = Meaning::Nothing; // losses say different things
  func::FuncOp function = callee->function;
  Context &inside = contexts.emplace_back();
  inside.caller = context;
  inside.call = call;
  context = &inside;
  value = function.front().getTerminator()->getOperand(number);
  return true;
}

bool Meanings::isPredicted(int64_t field) const {
  return llvm::any_of(compared, [&](const auto &entry) {
    return entry.second == Meaning{Meaning::Number, field};
  });
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

Meaning Meanings::of(Value value) {
  Context &context = contexts.emplace_back();
  return of(&context, value, 0);
}

Meaning Meanings::of(const Context *context, Value value, unsigned depth) {
  if (depth > deepest)
    return {};
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    if (!context->call ||
        !isa<func::FuncOp>(argument.getOwner()->getParentOp()))
      return {};
    model::CallOp call = context->call;
    return of(context->caller, call.getArguments()[argument.getArgNumber()],
              depth + 1);
  }
  auto result = cast<OpResult>(value);
  return isa<model::CallOp>(result.getOwner())
             ? ofCall(context, result, depth)
             : ofOperation(context, result.getOwner(), depth);
}

Meaning Meanings::ofOperation(const Context *context, Operation *op,
                              unsigned depth) {
  if (!isa<model::ReshapeOp, model::ExpOp, model::LogOp, model::SigmoidOp,
           model::ArgMaxOp>(op))
    return {};
  Meaning meaning = of(context, op->getOperand(0), depth + 1);
  auto become = [&](Meaning::Kind from, Meaning::Kind to) {
    return meaning.kind == from ? Meaning{to, meaning.field} : Meaning();
  };
  if (auto reshape = dyn_cast<model::ReshapeOp>(op))
    return !meaning.isOfClasses() || keepsClasses(reshape) ? meaning
                                                           : Meaning();
  if (isa<model::ExpOp>(op))
    return become(Meaning::LogProbabilities, Meaning::Probabilities);
  if (isa<model::LogOp>(op))
    return become(Meaning::Probabilities, Meaning::LogProbabilities);
  if (isa<model::SigmoidOp>(op))
    return become(Meaning::Logit, Meaning::Probability);
  auto largest = cast<model::ArgMaxOp>(op);
  int64_t rank = cast<ArrayType>(op->getOperand(0).getType()).getRank();
  if (meaning.isOfClasses() && int64_t(largest.getAxis()) == rank - 1)
    return {Meaning::Class, meaning.field};
  return {};
}

Meaning Meanings::ofCall(const Context *context, OpResult result,
                         unsigned depth) {
  auto call = cast<model::CallOp>(result.getOwner());
  const FunctionInstance *callee = calleeOf(call);
  if (!callee)
    return {};
  bool isSoftmax = isLibrary(*callee, "softmax"),
       isLogSoftmax = isLibrary(*callee, "log_softmax");
  if (isSoftmax || isLogSoftmax) {
    Meaning inner = of(context, call.getArguments().back(), depth + 1);
    if (inner.kind != Meaning::Logits)
      return {};
    return {isSoftmax ? Meaning::Probabilities : Meaning::LogProbabilities,
            inner.field};
  }
  unsigned number = result.getResultNumber();
  auto known = compared.find(Source(callee->declaration, callee->self, number));
  if (known != compared.end())
    return known->second;
  func::FuncOp function = callee->function;
  Context &inside = contexts.emplace_back();
  inside.caller = context;
  inside.call = call;
  return of(&inside, function.front().getTerminator()->getOperand(number),
            depth + 1);
}

} // namespace modelc::lowering
