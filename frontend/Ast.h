// Ast.h: the syntax tree of a `.model` file: what was written, unresolved.
//
// Nodes live in the arena of their `File` and are trivially destructible; texts
// point into the source or the arena. `isa`, `cast` and `dyn_cast` work on
// them. docs/language.md is the reference for what each construct means.
#ifndef MODELC_FRONTEND_AST_H
#define MODELC_FRONTEND_AST_H

#include "frontend/Source.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/Casting.h"
#include <type_traits>

namespace modelc::ast {

enum class NodeKind {
  // Declarations of a file, of a module's body, or of both.
  Import,
  Module,
  Function,
  CustomGradient,
  Data,
  Hyper,
  Train,
  Parameter,
  State,
  Submodule,
  Constant,
  Assertion,
  MemberIf,
  // Statements.
  Let,
  Rebind,
  Update,
  For,
  LocalFunction,
  ExpressionStatement,
  // Types.
  ArrayType,
  TupleType,
  KindType,
  // Expressions.
  IntegerLiteral,
  FloatLiteral,
  PercentLiteral,
  BooleanLiteral,
  StringLiteral,
  Name,
  Member,
  Call,
  Pipe,
  Unary,
  Binary,
  Index,
  Tuple,
  List,
  If,
  Range,
  Ellipsis,
  // Parts of the above.
  Pattern,
  Block
};

/// The kind's name as `--emit=ast` prints it, such as "call".
llvm::StringRef nodeKindName(NodeKind kind);

struct Node {
  const NodeKind kind;
  SourceRange range;

protected:
  Node(NodeKind kind, SourceRange range) : kind(kind), range(range) {}
};

/// Gives a node class its kind, for `isa`; `Base` is its base class.
template <typename Base, NodeKind K> struct NodeOf : Base {
  static constexpr NodeKind nodeKind = K;
  explicit NodeOf(SourceRange range) : Base(K, range) {}
  static bool classof(const Node *node) { return node->kind == K; }
};

/// A name where it is declared or referred to. Empty if it was left out.
struct Identifier {
  llvm::StringRef name;
  SourceRange range;
  bool empty() const { return name.empty(); }
};

struct Block;

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

struct Expression : Node {
  using Node::Node;
  static bool classof(const Node *node) {
    return node->kind >= NodeKind::IntegerLiteral &&
           node->kind <= NodeKind::Ellipsis;
  }
};

/// `12`. Numbers keep their spelling; nothing is rounded here.
struct IntegerLiteral : NodeOf<Expression, NodeKind::IntegerLiteral> {
  using NodeOf::NodeOf;
  llvm::StringRef spelling;
};

/// `0.5`, `1e-3`.
struct FloatLiteral : NodeOf<Expression, NodeKind::FloatLiteral> {
  using NodeOf::NodeOf;
  llvm::StringRef spelling;
};

/// `80%`; the spelling is without the sign. Only in a data declaration's
/// `split`.
struct PercentLiteral : NodeOf<Expression, NodeKind::PercentLiteral> {
  using NodeOf::NodeOf;
  llvm::StringRef spelling;
};

struct BooleanLiteral : NodeOf<Expression, NodeKind::BooleanLiteral> {
  using NodeOf::NodeOf;
  bool value = false;
};

/// `"text"`, with its escapes resolved.
struct StringLiteral : NodeOf<Expression, NodeKind::StringLiteral> {
  using NodeOf::NodeOf;
  llvm::StringRef value;
};

struct Name : NodeOf<Expression, NodeKind::Name> {
  using NodeOf::NodeOf;
  llvm::StringRef name;
};

/// `base.name`: `tokens.table`, `valid.loss`.
struct Member : NodeOf<Expression, NodeKind::Member> {
  using NodeOf::NodeOf;
  Expression *base = nullptr;
  Identifier name;
};

/// An argument of a call: positional, or `name = value`.
struct Argument {
  Identifier name;
  Expression *value = nullptr;
  SourceRange range;
};

/// `callee(arguments)`. The callee is any expression: `grad(loss, wrt = x)(x,
/// y)`.
struct Call : NodeOf<Expression, NodeKind::Call> {
  using NodeOf::NodeOf;
  Expression *callee = nullptr;
  llvm::ArrayRef<Argument> arguments;
};

/// `input |> target`: `x |> f` is `f(x)`, `x |> f(a)` is `f(x, a)`.
struct Pipe : NodeOf<Expression, NodeKind::Pipe> {
  using NodeOf::NodeOf;
  Expression *input = nullptr;
  Expression *target = nullptr;
};

enum class UnaryOperator { Negate, Not };

struct Unary : NodeOf<Expression, NodeKind::Unary> {
  using NodeOf::NodeOf;
  UnaryOperator op = UnaryOperator::Negate;
  Expression *operand = nullptr;
};

enum class BinaryOperator {
  Add,
  Subtract,
  Multiply,
  Divide,
  Power,
  MatrixMultiply,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  And,
  Or
};

/// The operator as it is written: "+", "and".
llvm::StringRef spelling(UnaryOperator op);
llvm::StringRef spelling(BinaryOperator op);

struct Binary : NodeOf<Expression, NodeKind::Binary> {
  using NodeOf::NodeOf;
  BinaryOperator op = BinaryOperator::Add;
  SourceRange operatorRange;
  Expression *left = nullptr;
  Expression *right = nullptr;
};

/// One subscript of `x[1..3, :, 0, 2..10 step 2, ...]`.
struct Subscript {
  enum Kind {
    Single,  // `i`: this dimension is dropped
    Slice,   // `a..b`, `a..`, `..b`, `..`, with an optional `step s`
    Full,    // `:`
    Ellipsis // `...`: as many full dimensions as are missing
  };
  Kind kind = Full;
  SourceRange range;
  Expression *start = nullptr; // Single: the index. Slice: may be null
  Expression *stop = nullptr;  // Slice: may be null
  Expression *step = nullptr;  // Slice: may be null
};

/// `base[subscripts]`, of an array or of an array of modules.
struct Index : NodeOf<Expression, NodeKind::Index> {
  using NodeOf::NodeOf;
  Expression *base = nullptr;
  llvm::ArrayRef<Subscript> subscripts;
};

/// `(a, b)`; `()` is the empty tuple. A single parenthesised expression is no
/// tuple.
struct Tuple : NodeOf<Expression, NodeKind::Tuple> {
  using NodeOf::NodeOf;
  llvm::ArrayRef<Expression *> elements;
};

/// `[1, 2, 3]`: a constant array; nested for higher ranks.
struct List : NodeOf<Expression, NodeKind::List> {
  using NodeOf::NodeOf;
  llvm::ArrayRef<Expression *> elements;
};

/// `if condition { … } else { … }`, decided at compile time; as a statement it
/// may lack `else` and values. `else if` is an else block with nothing but the
/// nested `If`.
struct If : NodeOf<Expression, NodeKind::If> {
  using NodeOf::NodeOf;
  Expression *condition = nullptr;
  Block *thenBlock = nullptr;
  Block *elseBlock = nullptr; // may be null
};

/// `a..b`, without b.
struct Range : NodeOf<Expression, NodeKind::Range> {
  using NodeOf::NodeOf;
  Expression *start = nullptr;
  Expression *stop = nullptr;
};

/// `...` among the sizes of a shape: `reshape(x, ..., heads, d)`.
struct Ellipsis : NodeOf<Expression, NodeKind::Ellipsis> {
  using NodeOf::NodeOf;
};

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

struct Type : Node {
  using Node::Node;
  static bool classof(const Node *node) {
    return node->kind >= NodeKind::ArrayType &&
           node->kind <= NodeKind::KindType;
  }
};

/// One dimension of an array type.
struct Dimension {
  SourceRange range;
  bool isEllipsis = false;     // `...`
  Expression *size = nullptr;  // null for an ellipsis
  Expression *bound = nullptr; // of `T <= bound`; may be null
};

/// `float[N, T <= context, 10, 2 * d]`; without brackets a scalar.
/// `elementType` is a dtype
/// (`float`, `f32`, `i32`, `bool`, …), a dtype variable (a name with a capital,
/// `D[..., n]`), or one of the compile-time kinds `int`, `float`, `bool` of a
/// module's parameter.
struct ArrayType : NodeOf<Type, NodeKind::ArrayType> {
  using NodeOf::NodeOf;
  Identifier elementType;
  bool hasBrackets = false;
  llvm::ArrayRef<Dimension> dimensions;
};

/// `(float[N], float)`.
struct TupleType : NodeOf<Type, NodeKind::TupleType> {
  using NodeOf::NodeOf;
  llvm::ArrayRef<Type *> elements;
};

/// A parameter that is a function, a module or a tuple of arrays: `activation:
/// fn`, `encoder: module`, `gradients: tuple`.
struct KindType : NodeOf<Type, NodeKind::KindType> {
  using NodeOf::NodeOf;
  enum Kind { Function, Module, Tuple };
  Kind parameterKind = Function;
};

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

struct Statement : Node {
  using Node::Node;
  static bool classof(const Node *node) {
    return node->kind >= NodeKind::Let &&
           node->kind <= NodeKind::ExpressionStatement;
  }
};

/// What a `let` binds: a name, `_`, or a tuple of patterns.
struct Pattern : NodeOf<Node, NodeKind::Pattern> {
  using NodeOf::NodeOf;
  bool isTuple = false;
  Identifier name; // unless it is a tuple; "_" binds nothing
  llvm::ArrayRef<Pattern *> elements;
};

/// `let pattern: type = value`.
struct Let : NodeOf<Statement, NodeKind::Let> {
  using NodeOf::NodeOf;
  Pattern *pattern = nullptr;
  Type *type = nullptr; // may be null
  Expression *value = nullptr;
};

/// `pattern = value`: names that are bound already get new values for what
/// follows.
struct Rebind : NodeOf<Statement, NodeKind::Rebind> {
  using NodeOf::NodeOf;
  Pattern *pattern = nullptr;
  Expression *value = nullptr;
};

/// `update state = value`.
struct Update : NodeOf<Statement, NodeKind::Update> {
  using NodeOf::NodeOf;
  Identifier state;
  Expression *value = nullptr;
};

/// `for pattern in iterable { … }`, unrolled at compile time over a range, a
/// tuple or an array of modules.
struct For : NodeOf<Statement, NodeKind::For> {
  using NodeOf::NodeOf;
  Pattern *pattern = nullptr;
  Expression *iterable = nullptr;
  Block *body = nullptr;
};

/// An expression for its effect: `print(…)`, `assert(…)`, or an `If` without a
/// value.
struct ExpressionStatement : NodeOf<Statement, NodeKind::ExpressionStatement> {
  using NodeOf::NodeOf;
  Expression *expression = nullptr;
};

/// `{ statements; value }`. If the last statement is an expression, it is the
/// value and not among the statements; but an `If` only where each of its
/// branches has a value.
struct Block : NodeOf<Node, NodeKind::Block> {
  using NodeOf::NodeOf;
  llvm::ArrayRef<Statement *> statements;
  Expression *value = nullptr; // may be null
};

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

struct Declaration : Node {
  using Node::Node;
  llvm::StringRef
      documentation; // the `///` lines above it, without the slashes
  Identifier name;   // empty for `fn (…)`, `train` and `import`
  static bool classof(const Node *node) {
    return node->kind <= NodeKind::MemberIf;
  }
};

/// `import "layers.model"`: the declarations of that file, beside this one.
struct Import : NodeOf<Declaration, NodeKind::Import> {
  using NodeOf::NodeOf;
  StringLiteral *path = nullptr;
};

/// `name: type = default`, a parameter. `custom gradient` has no types.
struct ParameterDeclaration {
  Identifier name;
  Type *type = nullptr;               // may be null where it may be left out
  Expression *defaultValue = nullptr; // may be null
  SourceRange range;
};

/// `fn name(parameters) -> result { body }`; without a name the call operator
/// of its module.
struct Function : NodeOf<Declaration, NodeKind::Function> {
  using NodeOf::NodeOf;
  bool isExported = false;
  llvm::ArrayRef<ParameterDeclaration> parameters;
  Type *result = nullptr; // may be null: inferred
  Block *body = nullptr;
};

/// A function declared inside a function's body; it sees the names before it.
struct LocalFunction : NodeOf<Statement, NodeKind::LocalFunction> {
  using NodeOf::NodeOf;
  Function *function = nullptr;
};

/// `custom gradient f(x, y, d) { (dx, dy) }`: `name` is f; the parameters are
/// f's and then the cotangent of its result; the value is those of f's.
struct CustomGradient : NodeOf<Declaration, NodeKind::CustomGradient> {
  using NodeOf::NodeOf;
  llvm::ArrayRef<ParameterDeclaration> parameters;
  Block *body = nullptr;
};

/// `param name: type = initialiser`.
struct Parameter : NodeOf<Declaration, NodeKind::Parameter> {
  using NodeOf::NodeOf;
  bool isFrozen = false;
  Type *type = nullptr;
  Expression *initializer = nullptr; // may be null: an error later, with a hint
};

/// `state name: type = initial`.
struct State : NodeOf<Declaration, NodeKind::State> {
  using NodeOf::NodeOf;
  Type *type = nullptr; // null in an optimizer: that of its parameter
  Expression *initializer = nullptr;
};

/// `hidden: Dense(features, 64)`, `blocks: Block(d, heads)[layers]`. Without
/// parentheses the value names a module that is shared: `decoder: encoder`.
struct Submodule : NodeOf<Declaration, NodeKind::Submodule> {
  using NodeOf::NodeOf;
  bool isFrozen = false;
  Expression *module = nullptr; // a Call; a Name or Member is shared
  Expression *count = nullptr;  // may be null: not an array
};

/// `let name = value` in a module or a file: a compile-time constant.
struct Constant : NodeOf<Declaration, NodeKind::Constant> {
  using NodeOf::NodeOf;
  Expression *value = nullptr;
};

/// `assert(condition, "message")`, a member: what a module's arguments must be.
struct Assertion : NodeOf<Declaration, NodeKind::Assertion> {
  using NodeOf::NodeOf;
  Expression *condition = nullptr;
  StringLiteral *message = nullptr; // may be null
};

/// Compile-time `if` among members. `else if` nests in `elseMembers`.
struct MemberIf : NodeOf<Declaration, NodeKind::MemberIf> {
  using NodeOf::NodeOf;
  Expression *condition = nullptr;
  llvm::ArrayRef<Declaration *> thenMembers;
  llvm::ArrayRef<Declaration *> elseMembers;
};

enum class ModuleKind { Model, Module, Optimizer, Metric, Transform };

/// The word that declares it: "model", "module", ….
llvm::StringRef spelling(ModuleKind kind);

/// `model`, `module`, `optimizer`, `metric`, `transform`: parameters and
/// members, which may be chosen by a compile-time `if`.
struct Module : NodeOf<Declaration, NodeKind::Module> {
  using NodeOf::NodeOf;
  ModuleKind moduleKind = ModuleKind::Module;
  llvm::ArrayRef<ParameterDeclaration> parameters;
  llvm::ArrayRef<Declaration *> members;
};

/// `x = standardize(columns(0..11))` in a data declaration.
struct DataField {
  llvm::StringRef documentation;
  Identifier name;
  Expression *value = nullptr;
  SourceRange range;
};

/// `train 80%` or `train from csv("a.csv")` in a data declaration's `split`.
struct DataSplit {
  Identifier name;
  PercentLiteral *share = nullptr; // one of the two is set
  Call *source = nullptr;
  SourceRange range;
};

/// `data name from csv("path") { fields; split … }`.
struct Data : NodeOf<Declaration, NodeKind::Data> {
  using NodeOf::NodeOf;
  Call *source = nullptr; // may be null: every split has its own
  llvm::ArrayRef<DataField> fields;
  SourceRange splitRange; // of the `split` line; invalid if there is none
  llvm::ArrayRef<DataSplit> splits;
  Expression *folds = nullptr; // of `split folds 5`, in place of `splits`
  Identifier rule;             // `stratified` or `grouped`, or empty
  Expression *key = nullptr;   // what the rule goes `by`
};

/// `hyper name: type = default in space`.
struct Hyper : NodeOf<Declaration, NodeKind::Hyper> {
  using NodeOf::NodeOf;
  enum SpaceKind {
    None,
    Set,  // `in {16, 32, 64}`: `space` are the elements
    Call, // `in log(1e-5, 1e-1)`, `in range(0, 1)`: `space` are the two bounds
  };
  Type *type = nullptr;
  Expression *defaultValue = nullptr;
  SpaceKind spaceKind = None;
  Identifier spaceName; // of a Call: "log", "range"
  llvm::ArrayRef<Expression *> space;
  SourceRange spaceRange;
};

/// `minimize loss(x, y) over critic, encoder with adam(1e-4)`.
struct Objective {
  Expression *loss = nullptr;
  llvm::ArrayRef<Expression *> over; // what is trained; empty: everything
  Expression *optimizer = nullptr;   // may be null: the plan's `optimizer`
  SourceRange range;
};

/// `stop_early patience 3 on valid.loss`.
struct StopEarly {
  Expression *patience = nullptr;
  Expression *monitor = nullptr;
  SourceRange range; // invalid if there is none
};

/// Any other line of a training plan: `optimizer adam(lr)`, `batch 32`. What
/// names there are is not the syntax's business.
struct TrainSetting {
  Identifier name;
  llvm::ArrayRef<Expression *> values;
  llvm::ArrayRef<Expression *> over; // may be empty
  SourceRange range;
};

/// `train M(arguments) on data { … }`. `name` is empty.
struct Train : NodeOf<Declaration, NodeKind::Train> {
  using NodeOf::NodeOf;
  Identifier model;
  llvm::ArrayRef<Argument> arguments;
  Identifier data;
  llvm::ArrayRef<Objective> objectives;
  llvm::ArrayRef<StopEarly> stops; // more than one is an error later
  llvm::ArrayRef<TrainSetting> settings;
};

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

/// The syntax tree of one file; owns its nodes. The SourceFile must outlive it.
class File {
public:
  explicit File(const SourceFile &source) : source(source) {}

  const SourceFile &source;
  llvm::ArrayRef<Declaration *> declarations;

  template <typename T> T *create(SourceRange range) {
    static_assert(std::is_trivially_destructible_v<T>,
                  "the arena runs no destructors");
    return new (arena.Allocate<T>()) T(range);
  }
  template <typename T, typename Container>
  llvm::ArrayRef<T> copy(const Container &items) {
    static_assert(std::is_trivially_destructible_v<T>,
                  "the arena runs no destructors");
    T *memory = arena.Allocate<T>(items.size());
    std::uninitialized_copy(items.begin(), items.end(), memory);
    return {memory, items.size()};
  }
  llvm::StringRef copy(llvm::StringRef text) { return text.copy(arena); }

private:
  llvm::BumpPtrAllocator arena;
};

} // namespace modelc::ast

#endif
