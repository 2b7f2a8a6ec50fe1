// Frame.h: one body under construction: of a function, or of a scan.
//
// A body is isolated: it sees slots, hypers, the random key and values of the
// bodies around it only as arguments. They are found while it is built, so
// operations go to a block of their own, each outside value gets an argument at
// its first use, and the arguments are put in order when the body is finished.
#ifndef MODELC_FRONTEND_LOWERING_FRAME_H
#define MODELC_FRONTEND_LOWERING_FRAME_H

#include "frontend/lowering/Object.h"
#include "mlir/IR/Builders.h"

namespace modelc::lowering {

/// The call by which the user's code enters the library.
struct LibraryCall {
  SourceRange range;
  std::string name;
};

/// What a body sees besides its explicit arguments.
struct ImplicitInput {
  enum Kind { SlotInput, HyperInput, StepInput, StepsInput, KeyInput, Capture };
  Kind kind;
  const void *pointer = nullptr; // Slot, ast::Hyper, or an opaque Value
  unsigned depth = 0; // of a slot: how many leading sizes are selected already

  bool operator==(const ImplicitInput &other) const {
    return kind == other.kind && pointer == other.pointer &&
           depth == other.depth;
  }
  Slot *slot() const {
    return const_cast<Slot *>(static_cast<const Slot *>(pointer));
  }
  const ast::Hyper *hyper() const {
    return static_cast<const ast::Hyper *>(pointer);
  }
  Value capture() const { return Value::getFromOpaquePointer(pointer); }
  /// What it is called, for readers.
  std::string name() const;
};

/// What a `print` or an `assert` of a body says. Its values are further results
/// of the body, so that it is carried out once for each time that the body is,
/// whatever is differentiated or left out; the program shows them after the
/// entry has run.
struct Message {
  bool isAssertion = false;
  std::string source;                 // "file.model:12:3"
  std::string text;                   // messageHole stands for the next value
  llvm::SmallVector<Value, 2> values; // of an assertion: whether it holds
  /// Loops around it, outermost first: what has the same number is shown
  /// iteration by iteration. Each is a leading size of the values.
  llvm::SmallVector<int64_t, 2> loops;
};
constexpr char messageHole = 1;

class Frame {
public:
  enum Kind { FunctionBody, ScanBody };

  /// `parent` is the body whose values this one may capture; may be null.
  Frame(Kind kind, mlir::MLIRContext *context, Frame *parent);
  ~Frame();
  Frame(const Frame &) = delete;
  Frame &operator=(const Frame &) = delete;

  /// One implicit input: its argument, and the value that it has by now.
  struct Implicit {
    ImplicitInput input;
    mlir::BlockArgument argument;
    Value current;
    bool isWritten = false;
  };

  /// `value` as it is seen here: itself, or an argument that stands for it.
  Value local(Value value);
  Value readSlot(Slot *slot, unsigned depth);
  void writeSlot(Slot *slot, unsigned depth, Value value);
  Value readHyper(const ast::Hyper *hyper, mlir::Type floatType);
  /// The number of the training step.
  Value readStep(mlir::Type floatType);
  /// How many batches the run trains on, `batchesPerUpdate` for each step.
  Value readSteps(mlir::Type floatType);
  /// The body's own random key. In a scan, it is folded with the index.
  Value randomKey(mlir::Location location);
  /// A key for the next place that needs one; `what` is what is called there.
  Value nextKey(mlir::Location location, llvm::StringRef what);
  /// Makes the body's key from another one and a name.
  void startKey(Value from, mlir::Location location, llvm::StringRef what);
  /// Adds an explicit argument.
  mlir::BlockArgument addArgument(mlir::Type type, mlir::Location location);

  /// Is the slot, at this depth, a slice of a stacked one of the body around?
  bool isSliced(const ImplicitInput &input) const;

  const Kind kind;
  Frame *const parent;
  mlir::OpBuilder builder;
  mlir::Block *block; // owned until the body is finished
  std::vector<Implicit> implicits;
  unsigned depth = 0; // array levels whose elements are current
  bool training = false;
  bool dependsOnTraining = false;
  std::optional<mlir::Location> user; // the user's line that led into the
                                      // library
  Value key, step;                    // if they are known already
  int64_t batchesPerUpdate = 1;
  Value index;                // of a scan
  Instance *sliced = nullptr; // of a fold: the element that is current inside
  std::vector<mlir::BlockArgument> explicitArguments;
  std::vector<Message> messages; // in the order of the program
  llvm::DenseMap<mlir::StringAttr, int64_t> bounds; // of the entry's symbols

private:
  Implicit &implicit(ImplicitInput input, mlir::Type type);
  unsigned keysTaken = 0;
};

} // namespace modelc::lowering

#endif
