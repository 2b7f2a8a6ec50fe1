// Object.h: what an expression evaluates to: compile-time values, arrays of the
// program, functions and instances of modules.
#ifndef MODELC_FRONTEND_LOWERING_OBJECT_H
#define MODELC_FRONTEND_LOWERING_OBJECT_H

#include "dialect/Model.h"
#include "frontend/Ast.h"
#include "llvm/ADT/SmallVector.h"
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace modelc::lowering {

using mlir::Value;
using mlir::model::ArrayType;
using mlir::model::SizeAttr;

class Frame;
struct Environment;
struct FunctionReference;
struct Instance;
struct Slot;

/// An instance as it is seen from some place. Functions of an element of a
/// module array are built once, for all elements, so inside them the element is
/// "the current one". `indices` select elements of the arrays around the
/// instance that are not current, outermost first.
struct InstanceReference {
  Instance *instance = nullptr;
  llvm::SmallVector<int64_t, 2> indices;
};

/// A value at compile time. Sizes and integers are one kind: an integer is a
/// size that may have symbols.
struct Object {
  enum Kind {
    Poison,        // its error has been reported
    Nothing,       // the value of a block without one
    Integer,       // `size`
    Float,         // `number`; adapts to the type of what it meets
    Boolean,       // `truth`
    String,        // `text`
    Array,         // `value`; a weak one adapts as a number does
    Tuple,         // `elements`
    Sizes,         // `elements`: what `...` stands for
    Range,         // `elements`: first and past the last
    Function,      // `function`
    Declaration,   // `module`: a module to make instances of
    InstanceKind,  // `instance`
    InstanceArray, // `instance`: the element; one index is missing
    SlotKind,      // `slot` of `instance`
    Hyper,         // `hyper`: a float that is known only at run time
    Step,          // the number of the training step, likewise
    Steps,         // how many training steps there will be, likewise
    Deferred, // `expression` in `environment`: a number known only at run time
    Pending   // `pending`: a declaration that is evaluated on first use
  };

  Kind kind = Poison;
  bool truth = false;
  bool weak = false;
  double number = 0;
  SizeAttr size; // of an Array of labels: how many classes there are
  Value value;
  llvm::StringRef text; // of an Array: how it is marked
  std::vector<Object> elements;
  std::shared_ptr<const FunctionReference> function;
  const ast::Module *module = nullptr;
  Environment *environment = nullptr; // of what waits for its evaluation
  InstanceReference instance;
  Slot *slot = nullptr;
  const ast::Hyper *hyper = nullptr;
  const ast::Declaration *pending = nullptr;
  const ast::Expression *expression = nullptr;
  SourceRange declared; // where the name that it was read from is declared

  bool is(Kind other) const { return kind == other; }
  bool isNumber() const { return kind == Integer || kind == Float; }
  /// A number for which there is an array as soon as there is a body.
  bool isRunTimeNumber() const {
    return kind == Hyper || kind == Step || kind == Deferred;
  }
  ArrayType type() const { return llvm::cast<ArrayType>(value.getType()); }
  /// The value of an integer without symbols.
  std::optional<int64_t> constant() const {
    return kind == Integer ? size.asConstant() : std::nullopt;
  }

  static Object poison() { return Object(); }
  static Object nothing();
  static Object integer(SizeAttr size);
  static Object floating(double number);
  static Object boolean(bool truth);
  static Object string(llvm::StringRef text);
  static Object array(Value value, bool weak = false);
  /// Null stands for an error that has been reported.
  static Object arrayOrPoison(Value value) {
    return value ? array(value) : poison();
  }
  static Object tuple(std::vector<Object> elements, Kind kind = Tuple);
  static Object of(std::shared_ptr<const FunctionReference> function);
};

/// A function as a value.
struct FunctionReference {
  const ast::Function *declaration = nullptr;
  const ast::CustomGradient *customGradient = nullptr;
  Environment *environment = nullptr; // where its body's names are looked up
  InstanceReference self;             // none for a function of a file
  Frame *frame = nullptr; // of a function inside a function: what it sees
  llvm::StringRef builtin;

  // `grad` and `value_and_grad`.
  std::shared_ptr<const FunctionReference> differentiated;
  llvm::SmallVector<llvm::StringRef, 2> wrt; // names of parameters
  InstanceReference wrtParameters;           // whose learnt parameters, or none
  bool wrtTuple = false, withValue = false;

  /// What users call it: `mse`, `Block.twice`, `exp`.
  std::string name() const;
};

/// A named array that outlives a call: parameters, state, optimizers' memory.
struct Slot {
  std::string symbol;   // "blocks.w"
  std::string fileName; // "blocks.*.w"
  std::string kind;     // as `model.slot` has it
  ArrayType type;       // with the sizes of the arrays around it in front
  bool isFrozen = false;
  Instance *owner = nullptr;
  const ast::Expression *initializer = nullptr; // null: zeros
  Environment *environment = nullptr;           // of the initialiser
  SourceRange range;
  llvm::SmallVector<int64_t, 2> stacks; // sizes of the arrays around it
  int64_t fileStack = 0; // the leading size that files store apart; or 0
};

/// A module with its arguments: made once for each place in the program.
struct Instance {
  const ast::Module *declaration = nullptr;
  std::string path;     // "blocks.up"; empty for the model itself
  std::string fileName; // "blocks.*.up"
  std::string kindOfState = "state";
  Instance *parent = nullptr;
  bool isFrozen = false;
  llvm::SmallVector<int64_t, 2> stacks; // sizes of the arrays around it
  Environment *environment = nullptr;   // its arguments and members
  Slot *served = nullptr; // of an optimizer: the parameter that it updates
  SourceRange range;      // where it is declared

  unsigned depth() const { return stacks.size(); }
  bool isWithin(const Instance *other) const {
    for (const Instance *i = this; i; i = i->parent)
      if (i == other)
        return true;
    return false;
  }
};

/// A scope of names. Lookup goes to `parent`.
struct Environment {
  enum Kind { Block, Function, Members, File };
  Kind kind = Block;
  Environment *parent = nullptr;
  Instance *instance = nullptr; // of Members
  std::map<std::string, Object, std::less<>> names;

  Object *find(llvm::StringRef name) {
    auto found = names.find(std::string_view(name));
    return found == names.end() ? nullptr : &found->second;
  }
  void define(llvm::StringRef name, Object object) {
    names.insert_or_assign(name.str(), std::move(object));
  }
};

} // namespace modelc::lowering

#endif
