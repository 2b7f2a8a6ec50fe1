// Meanings.h: what the results of functions are, by what the losses do with
// them.
#ifndef MODELC_FRONTEND_LOWERING_MEANINGS_H
#define MODELC_FRONTEND_LOWERING_MEANINGS_H

#include "dialect/ops/Control.h"
#include "frontend/lowering/Lowering.h"

namespace modelc::lowering {

/// What a value says of a field of the training data; mirrors
/// `modelc_meaning`.
struct Meaning {
  enum Kind {
    Nothing,
    Number,           // of the field, as the model sees it
    Logits,           // of its classes, before softmax over the last dimension
    LogProbabilities, // of its classes
    Probabilities,    // of its classes
    Class,            // one of its classes
    Logit,            // that it is 1, before sigmoid
    Probability       // that it is 1
  };
  Kind kind = Nothing;
  int64_t field = -1;

  bool operator==(const Meaning &other) const {
    return kind == other.kind && field == other.field;
  }
  bool isOfClasses() const { return kind >= Logits && kind <= Probabilities; }
  /// As `model.meaning` has it; empty for nothing.
  llvm::StringRef word() const;
};

/// Where losses compare results of functions with fields, found in operations.
class Meanings {
public:
  Meanings(const std::deque<FunctionInstance> &functions,
           const llvm::DenseSet<const SourceFile *> &library);

  /// Looks at the losses: the operations of `block`, in which the fields are
  /// these values.
  void compare(mlir::Block &block, llvm::ArrayRef<mlir::BlockArgument> fields);
  /// What a value of an entry is.
  Meaning of(Value value);
  /// Whether a loss compares a number with the field.
  bool isPredicted(int64_t field) const;

private:
  /// What a function says of its arguments where some of them are fields.
  using Summary = std::vector<std::pair<unsigned, Meaning>>;
  /// A body, and which of its values are fields. Arguments are those of the
  /// call, or go to the summary where the body is that of any call.
  struct Context {
    const Context *caller = nullptr;
    mlir::model::CallOp call;
    Summary *summary = nullptr;
    llvm::DenseMap<Value, int64_t> fields;
  };
  /// A result of a function of the program, whatever its types.
  using Source = std::tuple<const ast::Function *, const Instance *, unsigned>;

  const FunctionInstance *calleeOf(mlir::model::CallOp call);
  bool isLibrary(const FunctionInstance &callee, llvm::StringRef name) const;
  void visit(mlir::Block &block, Context &context);
  void visitCall(mlir::model::CallOp call, Context &context);
  void compareParameters(const FunctionInstance &callee, const Context &inside);
  void record(const Context *context, Value value, Meaning meaning);
  bool recordCall(const Context *&context, Value &value, Meaning &meaning);
  Meaning of(const Context *context, Value value, unsigned depth);
  Meaning ofOperation(const Context *context, mlir::Operation *op,
                      unsigned depth);
  Meaning ofCall(const Context *context, mlir::OpResult result, unsigned depth);

  const std::deque<FunctionInstance> &functions;
  llvm::StringMap<const FunctionInstance *> instances; // of the first `seen`
  size_t seen = 0;
  const llvm::DenseSet<const SourceFile *> &library;
  std::map<Source, Meaning> compared;
  /// By the function and the field that each argument is, or -1: calls that
  /// double at each level are looked at once.
  std::map<std::pair<const FunctionInstance *, std::vector<int64_t>>, Summary>
      summaries;
  std::deque<Context> contexts;
};

} // namespace modelc::lowering

#endif
