// Lowering.h: the evaluator that turns a program into the model dialect.
//
// Expressions are evaluated in an environment of names. What is known at
// compile time is an Object; what is not becomes operations of the current
// Frame. Names, Instances and Types say what names and types stand for;
// Expressions, Operators, Subscripts, Statements and the Builtins evaluate;
// Calls, Instantiation, Repetition and Gradients build functions; Entries,
// Training, Evaluation and DataFields build what the program can do;
// UnusedNames looks through what none of them has come to.
#ifndef MODELC_FRONTEND_LOWERING_LOWERING_H
#define MODELC_FRONTEND_LOWERING_LOWERING_H

#include "frontend/Diagnostics.h"
#include "frontend/Lower.h"
#include "frontend/Stdlib.h"
#include "frontend/lowering/Signature.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/SaveAndRestore.h"
#include <deque>
#include <functional>

namespace modelc::lowering {

using mlir::Location;
using mlir::NamedAttribute;
using mlir::ValueRange;

/// An output of the entry under construction that is no slot.
struct EntryOutput {
  Value value;
  llvm::SmallVector<NamedAttribute, 2> attributes;
};

struct BuiltinCall;
class Meanings;
struct ScanParts;
struct TrainedLoss;
struct TrainingPlan;
struct MetricUse;
struct DataField;
struct DataPart;
struct DataSet;
struct DataSetSource;
struct FieldNode;

class Lowering {
public:
  Lowering(const ast::File &file, const LoweringOptions &options,
           mlir::MLIRContext &context, DiagnosticEngine &diagnostics);
  ~Lowering();
  mlir::OwningOpRef<mlir::ModuleOp> run();

private:
  //--- Names.cpp
  void declareFile(const ast::File &file, Environment *environment);
  void importFile(const ast::Import &import, const ast::File &from,
                  Environment *environment);
  Environment *newEnvironment(Environment::Kind kind, Environment *parent);
  Object lookUp(llvm::StringRef name, SourceRange range, Environment *scope,
                bool quiet = false);
  /// Declares what the library has under that name; false if nothing.
  bool declareFromLibrary(llvm::StringRef word, llvm::StringRef name);
  Object force(Object &object, llvm::StringRef name, SourceRange range);
  bool isDeclared(llvm::StringRef name, Environment *from);
  void reportUnknown(llvm::StringRef name, SourceRange range,
                     Environment *scope);
  bool reportUnknownPrefix(const ast::Member &access);
  /// A metric, optimizer, transform: looked up apart from other names.
  const ast::Module *findModule(ast::ModuleKind kind, llvm::StringRef name,
                                SourceRange range, Environment *&environment,
                                bool quiet = false);
  /// Turns slots and hypers into arrays of the current frame.
  Object load(Object object, SourceRange range);
  Object member(const Object &base, Identifier name, SourceRange range);
  std::vector<Slot *> learntSlots(const Instance *instance);
  Object parametersOf(const InstanceReference &reference, SourceRange range);

  //--- UnusedNames.cpp
  class NameCheck;
  /// Reports names that nothing declares, in what was not evaluated too.
  void checkNames();
  Object rebase(Object object, const InstanceReference &from);

  //--- Instances.cpp
  Instance *instantiate(const ast::Module *declaration, Environment *scope,
                        std::vector<ArgumentValue> arguments, SourceRange range,
                        Instance *prototype);
  void declareMembers(Instance *instance,
                      llvm::ArrayRef<ast::Declaration *> members);
  SourceRange userRange(const Instance &instance) const;
  bool checkAssertions(const Instance &made,
                       llvm::ArrayRef<ast::Declaration *> members);
  void forceMembers(Instance *instance,
                    llvm::ArrayRef<ast::Declaration *> members);
  Object makeSubmodule(const ast::Submodule &member, Environment *environment);
  Object makeSlot(const ast::Declaration &member, Environment *environment);
  void countBytes(const Slot &slot);
  Slot *addSlot(Slot slot);
  const ast::Function *callOperator(const Instance &instance);
  Object methodOf(const InstanceReference &reference, llvm::StringRef name);
  unsigned levelOf(const InstanceReference &reference) const {
    return reference.instance->depth() - reference.indices.size();
  }
  Value readSlot(Slot *slot, const InstanceReference &owner, SourceRange range);
  void writeSlot(Slot *slot, const InstanceReference &owner, Value value,
                 SourceRange range);
  Value readSelected(Slot *slot, unsigned level,
                     llvm::ArrayRef<int64_t> indices, SourceRange range);
  void writeSelected(Slot *slot, unsigned level,
                     llvm::ArrayRef<int64_t> indices, Value value,
                     SourceRange range);

  //--- Hints.cpp
  void hintFields(Diagnostic &error);
  void hintKind(Diagnostic &error, const Object &found);
  void hintCall(Diagnostic &error, llvm::StringRef method, SourceRange range);
  void hintMisfit(Diagnostic &error, const ast::ArrayType &declared,
                  ArrayType actual, ArrayType wanted, SourceRange range,
                  llvm::StringRef what);

  //--- Types.cpp
  mlir::Type elementTypeNamed(llvm::StringRef name);
  void reportType(const Identifier &name);
  void reportUnknownSize(const ast::Name &name, Environment *from);
  std::string describe(mlir::Type type);
  std::string describe(ArrayType type);
  std::string describe(const Object &object);
  std::string describeSizes(llvm::ArrayRef<SizeAttr> sizes);
  std::optional<SizeAttr> evaluateDimension(const ast::Dimension &dimension,
                                            const SignatureTypes &types,
                                            Environment *scope, bool quiet);
  /// The declared type; null if a symbol is not bound (then `unbound` is set).
  ArrayType declaredType(const ast::ArrayType &type,
                         const SignatureTypes &types, Environment *scope,
                         bool *unbound = nullptr);
  bool bindType(const ast::ArrayType &declared, ArrayType actual,
                SignatureTypes &types, Environment *scope, SourceRange range,
                llvm::StringRef what);
  bool checkType(const ast::ArrayType &declared, ArrayType actual,
                 SignatureTypes &types, Environment *scope, SourceRange range,
                 llvm::StringRef what);
  bool reportMisfit(const ast::ArrayType &declared, ArrayType actual,
                    const SignatureTypes &types, Environment *scope,
                    SourceRange range, llvm::StringRef what);
  void defineSymbols(const SignatureTypes &types, Environment *scope);
  /// Makes a value be of a declared type: numbers and weak scalars expand.
  Object coerce(Object object, const ast::Type *declared, SignatureTypes &types,
                Environment *scope, SourceRange range, llvm::StringRef what);
  ArrayType expectedOf(const ast::Type *declared, const SignatureTypes &types,
                       Environment *scope);

  //--- Emit.cpp
  Location locate(SourceRange range);
  /// Creates the operation `model.<name>` and checks it; null and an error if
  /// it refuses its operands.
  Value emit(llvm::StringRef name, ValueRange operands,
             llvm::ArrayRef<NamedAttribute> attributes, SourceRange range,
             llvm::ArrayRef<SourceRange> operandRanges = {},
             ArrayType result = {});
  NamedAttribute attribute(llvm::StringRef name, mlir::Attribute value);
  NamedAttribute integers(llvm::StringRef name, llvm::ArrayRef<int64_t> values);
  NamedAttribute sizes(llvm::StringRef name, llvm::ArrayRef<SizeAttr> values);
  Value fill(double number, ArrayType type, SourceRange range);
  Value sizeValue(SizeAttr size, mlir::Type element, SourceRange range);
  Value castTo(Value value, mlir::Type element, SourceRange range);
  Value broadcastTo(Value value, llvm::ArrayRef<SizeAttr> shape,
                    SourceRange range);
  bool needsFrame(SourceRange range);
  /// An array for numbers and truth values; `element` is what they adapt to.
  Value materialize(const Object &object, SourceRange range,
                    mlir::Type element = {});
  SizeAttr constantSize(int64_t value) {
    return SizeAttr::getConstant(&context, value);
  }
  bool checkBytes(ArrayType type, SourceRange range);
  Object unsupported(const llvm::Twine &what, SourceRange range);

  //--- Expressions.cpp
  Object evaluate(const ast::Expression *expression, ArrayType expected = {});
  Object tooDeep(SourceRange range);
  Object evaluateOrDefer(const ast::Expression *expression);
  Object evaluateKind(const ast::Expression *expression, ArrayType expected);
  Object evaluateNumber(const ast::Expression &literal);
  Object evaluateName(const ast::Name &name, ArrayType expected);
  Object evaluatePipe(const ast::Pipe &pipe, ArrayType expected);
  Object evaluateCall(const ast::Call &call, ArrayType expected);
  Object evaluateList(const ast::List &list);
  Object evaluateIf(const ast::If &branch, ArrayType expected);
  std::optional<bool> evaluateCondition(const ast::Expression *condition);
  std::optional<int64_t> evaluateInteger(const ast::Expression *expression);
  std::optional<double> evaluateFloat(const ast::Expression *expression);
  std::vector<ArgumentValue>
  evaluateArguments(llvm::ArrayRef<ast::Argument> arguments);

  //--- Operators.cpp
  Object unary(const ast::Unary &expression);
  Object binary(const ast::Binary &expression, ArrayType expected);
  Object arithmetic(ast::BinaryOperator op, const Object &left,
                    SourceRange leftRange, const Object &right,
                    SourceRange rightRange, SourceRange range);
  Object foldNumbers(ast::BinaryOperator op, const Object &left,
                     const Object &right, SourceRange rightRange,
                     SourceRange range);
  Object foldComparison(ast::BinaryOperator op, const Object &left,
                        const Object &right, SourceRange range);
  Object power(const Object &base, SourceRange baseRange,
               const Object &exponent, SourceRange exponentRange,
               SourceRange range);
  Object matrixMultiply(Value left, SourceRange leftRange, Value right,
                        SourceRange rightRange, SourceRange range);
  /// Brings operands to one shape and element type; false after an error.
  bool unify(llvm::MutableArrayRef<Value> values,
             llvm::ArrayRef<const Object *> objects,
             llvm::ArrayRef<SourceRange> ranges, SourceRange range, bool &weak,
             mlir::Type fallback = {});
  bool unifyShapes(llvm::MutableArrayRef<Value> values,
                   llvm::ArrayRef<SourceRange> ranges, SourceRange range);

  //--- Subscripts.cpp
  Object index(const ast::Index &expression);
  Object indexArray(const Object &base, const ast::Index &expression);
  Object indexInstances(const Object &base, const ast::Index &expression);
  Value takeComputed(Value base, int64_t axis, Value index, SourceRange range);
  Value slice(Value base, llvm::ArrayRef<SizeAttr> starts,
              llvm::ArrayRef<SizeAttr> counts, llvm::ArrayRef<int64_t> steps,
              SourceRange range);
  Value reshape(Value value, llvm::ArrayRef<SizeAttr> shape, SourceRange range);
  Value element(Value base, int64_t index, SourceRange range);
  Value replaceElement(Value base, int64_t index, Value element,
                       SourceRange range);

  //--- Builtins*.cpp
  bool isBuiltin(llvm::StringRef name);
  llvm::ArrayRef<llvm::StringRef> builtinNames();
  Object callBuiltin(llvm::StringRef name, std::vector<ArgumentValue> arguments,
                     SourceRange range, ArrayType expected);
  Object elementwise(BuiltinCall &call);
  Object foldElementwise(BuiltinCall &call, double number);
  Object minimumOrMaximum(BuiltinCall &call);
  Object divideIntegers(BuiltinCall &call);
  Object divideIntegerArrays(BuiltinCall &call);
  Object where(BuiltinCall &call);
  Object castBuiltin(BuiltinCall &call);
  Object reduce(BuiltinCall &call);
  Object argExtreme(BuiltinCall &call);
  Object reshapeBuiltin(BuiltinCall &call);
  Object transposeBuiltin(BuiltinCall &call);
  Object broadcastBuiltin(BuiltinCall &call);
  Object concatBuiltin(BuiltinCall &call);
  Object padBuiltin(BuiltinCall &call);
  Object reverseBuiltin(BuiltinCall &call);
  Object takeBuiltin(BuiltinCall &call);
  Object scatterBuiltin(BuiltinCall &call);
  Object filledBuiltin(BuiltinCall &call);
  Object iotaBuiltin(BuiltinCall &call);
  Object randomBuiltin(BuiltinCall &call);
  Object sizeBuiltin(BuiltinCall &call);
  Object einsumBuiltin(BuiltinCall &call);
  Object stopGradient(BuiltinCall &call);
  Object assertBuiltin(BuiltinCall &call);
  Object printBuiltin(BuiltinCall &call);
  Object isConstant(BuiltinCall &call);
  Object markBuiltin(BuiltinCall &call);
  Object classesBuiltin(BuiltinCall &call);
  Object gradientBuiltin(BuiltinCall &call);
  Object foldBuiltin(BuiltinCall &call);
  Object scanBuiltin(BuiltinCall &call);
  Value arrayArgument(const BuiltinCall &call, llvm::StringRef name);
  std::optional<int64_t> axisOf(const Object &object, SourceRange range,
                                int64_t rank);
  std::optional<llvm::SmallVector<int64_t>> axesOf(const BuiltinCall &call,
                                                   int64_t rank);
  std::optional<int64_t> axisArgument(const BuiltinCall &call, int64_t rank,
                                      int64_t otherwise);
  std::optional<bool> truthArgument(const BuiltinCall &call,
                                    llvm::StringRef name);
  std::optional<std::vector<SizeAttr>> shapeArguments(const BuiltinCall &call);
  ArrayType shapeOrExpected(const BuiltinCall &call, mlir::Type element);
  Value multiplyAdd(Value x, const Object &scale, SourceRange scaleRange,
                    const Object &shift, SourceRange shiftRange,
                    SourceRange range);

  //--- Messages.cpp
  bool appendShown(const Object &object, SourceRange range, Message &message);
  void reportAssertion(SourceRange range, SourceRange condition,
                       llvm::StringRef text);
  Value allTrue(Value condition, SourceRange range);
  std::string placeOf(SourceRange range);
  void enterLoop(std::vector<Message> &messages);
  void receiveMessages(llvm::ArrayRef<Message> messages, ValueRange values);
  bool outputMessages(llvm::ArrayRef<Message> messages, SourceRange range,
                      std::vector<EntryOutput> &results);
  mlir::ArrayAttr describeMessages(llvm::ArrayRef<Message> messages);

  //--- Calls.cpp, Instantiation.cpp
  Object call(const Object &callee, std::vector<ArgumentValue> arguments,
              SourceRange calleeRange, SourceRange range, ArrayType expected);
  Object callFunction(const FunctionReference &function,
                      std::vector<ArgumentValue> arguments, SourceRange range,
                      ArrayType expected);
  /// Evaluated arguments by parameter, defaults filled in; false after errors.
  bool arrangeArguments(llvm::ArrayRef<ast::ParameterDeclaration> parameters,
                        std::vector<ArgumentValue> arguments,
                        llvm::StringRef callee, SourceRange range,
                        Environment *scope,
                        std::vector<ArgumentValue> &arranged);
  bool bindCompileTime(const ast::ParameterDeclaration &parameter,
                       ArgumentValue &argument, Environment *scope,
                       llvm::StringRef callee);
  bool bindOrExplain(const FunctionReference &function, Signature &signature);
  bool bindArrays(const FunctionReference &function, Signature &signature);
  /// Arranges and binds the arguments of a call of a declared function.
  bool prepare(const FunctionReference &function,
               std::vector<ArgumentValue> arguments, SourceRange range,
               ArrayType expected, Signature &signature);
  FunctionInstance *instance(const FunctionReference &function,
                             Signature &signature, SourceRange range);
  void buildFunction(const FunctionReference &function, Signature &signature,
                     FunctionInstance &instance, SourceRange range);
  std::vector<ArgumentValue>
  parametersInScope(const ast::Function &declaration);
  /// Gives arguments for the arrays in `object`.
  Object parameterOf(Object object, Frame &body, Location location);
  void finishFunction(Frame &body, FunctionInstance &instance, Object result,
                      llvm::StringRef name, SourceRange range);
  bool isRecursive(const FunctionReference &function, SourceRange range);
  std::string instanceKey(const FunctionReference &function,
                          const Signature &signature, SourceRange range);
  unsigned depthOf(const FunctionReference &function) const;
  std::optional<Location> userOf(const FunctionReference &function,
                                 SourceRange range);
  Value implicitValue(const ImplicitInput &input, const InstanceReference &self,
                      llvm::StringRef name, SourceRange range);
  bool callOperands(const FunctionInstance &callee,
                    const FunctionReference &function, ValueRange arguments,
                    SourceRange range, llvm::SmallVectorImpl<Value> &operands);
  Object emitCall(FunctionInstance &callee, const FunctionReference &function,
                  ValueRange arguments, SourceRange range);
  void storeResults(const FunctionInstance &callee,
                    const InstanceReference &self, ValueRange results,
                    SourceRange range);
  std::string uniqueSymbol(llvm::StringRef wanted);
  bool flatten(const Object &object, llvm::SmallVectorImpl<Value> &values,
               SourceRange range);
  Object unflatten(const Object &skeleton, ValueRange &values);

  //--- Statements.cpp
  Object evaluateBlock(const ast::Block &block, ArrayType expected = {});
  bool execute(const ast::Statement *statement);
  bool let(const ast::Let &statement);
  bool rebind(const ast::Rebind &statement);
  bool update(const ast::Update &statement);
  bool loop(const ast::For &statement);
  bool bindPattern(const ast::Pattern &pattern, Object object, bool define,
                   SourceRange range);
  void definePoison(const ast::Pattern &pattern);
  bool takeStep(SourceRange range);

  //--- Repetition.cpp
  std::optional<std::vector<Value>>
  finishScan(Frame &body, const ScanParts &parts, SourceRange range);
  InstanceReference outerOf(const InstanceReference &element);
  Object carryOf(Object object, SourceRange range);
  bool carryValues(Object next, const Object &carry, SourceRange range,
                   llvm::SmallVectorImpl<Value> &values);
  Object foldWith(SizeAttr length, const InstanceReference &element,
                  std::vector<ArgumentValue> arguments, SourceRange range,
                  llvm::function_ref<Object(std::vector<ArgumentValue>)> step);
  Value moveAxis(Value value, int64_t from, int64_t to, SourceRange range);

  //--- Gradients.cpp
  Object callGradient(const FunctionReference &function,
                      std::vector<ArgumentValue> arguments, SourceRange range);
  void buildCustomGradient(const FunctionReference &function,
                           Signature &signature, FunctionInstance &instance,
                           SourceRange range);
  Object emitGradient(FunctionInstance &callee,
                      const FunctionReference &function, ValueRange arguments,
                      llvm::ArrayRef<int64_t> wrt, SourceRange range,
                      std::vector<Value> &gradients);

  //--- Entries.cpp
  void lowerProgram();
  void reserveNames();
  bool makeModel(const ast::Train *train, Object &object);
  void makeEntry(llvm::StringRef name, llvm::StringRef kind, bool training,
                 SourceRange range, llvm::StringRef documentation,
                 llvm::function_ref<bool()> build);
  void finishEntry(Frame &entry, llvm::StringRef name, llvm::StringRef kind,
                   SourceRange range, llvm::StringRef documentation);
  Value entryInput(ArrayType type, llvm::StringRef role, llvm::StringRef name,
                   SourceRange range);
  void entryOutput(Value value, llvm::StringRef role, llvm::StringRef name);
  void describeOutput(Value value);
  /// A size symbol of the entry under construction.
  SizeAttr entrySymbol(llvm::StringRef name, int64_t bound);
  SourceRange userRange(const Slot &slot) const;
  void makeInit();
  bool initializeSlot(Slot &slot, Value seed);
  Value initialValue(Slot &slot, unsigned level);
  ArrayType exportedType(const ast::ArrayType &declared, SignatureTypes &types,
                         Environment *scope);
  bool exportArguments(const FunctionReference &function,
                       std::vector<ArgumentValue> &arguments);
  void makeExport(const FunctionReference &function);
  void makeExports(const Object &model);
  void declareSlots();

  //--- Hypers.cpp
  const std::string *settingOf(const ast::Hyper &hyper) const;
  void checkSettings();
  Object constantHyper(const ast::Hyper &hyper, Environment *environment);
  std::optional<double> floatHyper(const ast::Hyper &hyper);
  void declareHyper(const ast::Hyper &hyper);

  //--- Training.cpp
  void lowerTraining(const ast::Train &train, const Object &model);
  bool readPlan(TrainingPlan &plan);
  bool readSetting(TrainingPlan &plan, const ast::TrainSetting &setting);
  void reportUnknownSetting(const ast::TrainSetting &setting);
  bool checkComplete(const TrainingPlan &plan);
  void readStop(TrainingPlan &plan);
  Environment *fieldScope(TrainingPlan &plan);
  void makeStep(TrainingPlan &plan);
  FunctionInstance *lossFunction(const ast::Objective &objective);
  Object scalarLoss(Object value, SourceRange range);
  std::optional<std::vector<Object>>
  trainedParts(llvm::ArrayRef<ast::Expression *> over);
  bool findTrained(const ast::Objective &objective, TrainedLoss &found);
  const ast::Expression *optimizerFor(const TrainingPlan &plan,
                                      const ast::Objective &objective,
                                      const Slot &slot);
  bool trainObjective(TrainingPlan &plan, const TrainedLoss &trained,
                      Value &total);
  bool changeGradients(TrainingPlan &plan, llvm::ArrayRef<Slot *> trained,
                       std::vector<Value> &gradients);
  Instance *makeOptimizer(const TrainingPlan &plan,
                          const ast::Expression *optimizer, Slot *slot);
  bool isOfSlot(const Object &object, const Slot &slot, llvm::StringRef what,
                SourceRange range);
  bool updateParameter(const TrainingPlan &plan,
                       const ast::Expression *optimizer, Slot *slot,
                       Value gradient);
  void declareTraining(TrainingPlan &plan);

  //--- GradientCheck.cpp
  void makeGradientChecks(TrainingPlan &plan);
  bool emitCheckedLoss(const ast::Objective &objective, bool withGradient);

  //--- Averages.cpp
  Slot *addCompanion(const Slot &slot, llvm::StringRef prefix);
  Value countUpdates(TrainingPlan &plan, Value number, SourceRange range);
  Value readSteps(SourceRange range);
  Value ifDue(const TrainingPlan &plan, Value value, Value otherwise,
              SourceRange range);
  bool accumulate(TrainingPlan &plan, llvm::ArrayRef<Slot *> trained,
                  std::vector<Value> &gradients, SourceRange range);
  bool startAverages(TrainingPlan &plan, llvm::ArrayRef<TrainedLoss> losses,
                     Value number, SourceRange range);
  bool finishAverages(TrainingPlan &plan);

  //--- Evaluation.cpp
  bool readMetric(TrainingPlan &plan, const ast::Expression *reported);
  void readMetrics(TrainingPlan &plan);
  bool conventionalArguments(TrainingPlan &plan, const MetricUse &use,
                             std::vector<ArgumentValue> &arguments);
  bool updateMetric(TrainingPlan &plan, MetricUse &use);
  void makeEvaluate(TrainingPlan &plan);
  void makeFinish(TrainingPlan &plan);

  //--- DataSources.cpp
  bool lowerData(const ast::Data &data, DataSet &set);
  bool readSource(DataSet &set, const ast::Call &source, DataSetSource &target);
  bool readSourceArgument(DataSet &set, const ast::Argument &argument,
                          DataSetSource &target);
  bool readMissing(DataSet &set, const Object &value);
  bool readSplits(DataSet &set);
  bool readFolds(DataSet &set);
  bool readSplitRule(DataSet &set);

  //--- DataSelectors.cpp
  std::unique_ptr<FieldNode> readSelector(DataSet &set, DataField &field,
                                          const ast::Call &call,
                                          llvm::StringRef missing);
  bool readColumns(const DataSet &set, DataPart &part, const ast::Call &call);
  bool readClassOption(DataPart &part, llvm::StringRef selector,
                       const ast::Argument &argument);
  bool readArraySelector(DataPart &part, const ast::Call &call);
  bool readRandomSelector(DataSet &set, DataPart &part, const ast::Call &call);
  std::unique_ptr<FieldNode> readClasses(DataSet &set, DataField &field,
                                         const ast::Call &call,
                                         llvm::StringRef missing);

  //--- DataFields.cpp
  bool readField(DataSet &set, const ast::DataField &field);
  std::unique_ptr<FieldNode> readFieldNode(DataSet &set, DataField &field,
                                           const ast::Expression *written,
                                           llvm::StringRef missing);
  std::unique_ptr<FieldNode> readApplied(DataSet &set, DataField &field,
                                         const ast::Expression *written,
                                         llvm::StringRef missing);
  bool readWindow(DataField &field, const ast::Expression *&written);
  bool chooseRawType(const DataSet &set, DataField &field);
  Object evaluateField(const DataSet &set, DataField &field, FieldNode &node,
                       Value raw);
  Object evaluateLeaf(const DataField &field, const FieldNode &node, Value raw);
  bool makeTransform(const DataSet &set, DataField &field, FieldNode &node,
                     ArrayType input);
  bool makePreprocess(const DataSet &set, DataField &field);
  bool makeFits(const DataSet &set, DataField &field, FieldNode &node);

  //--- Restoring.cpp
  Object restoreNode(const FieldNode &node, Value value);
  Object restoreField(const DataField &field, Value value);
  Object restoreWindows(const DataField &field, Value value);
  void makeRestore(const DataSet &set, const DataField &field);
  bool restoreArguments(const TrainingPlan &plan, MetricUse &use,
                        std::vector<ArgumentValue> &arguments);

  //--- DataTables.cpp
  void declareData(const DataSet &set);
  mlir::DictionaryAttr describePart(const DataPart &part);
  mlir::DictionaryAttr describeField(const DataField &field);

  const ast::File &file;
  StandardLibrary library;
  LoweringOptions options;
  mlir::MLIRContext &context;
  DiagnosticEngine &diagnostics;
  mlir::Type floatType;
  mlir::OwningOpRef<mlir::ModuleOp> program;
  mlir::OpBuilder declarations; // at the end of the program

  Environment *libraryScope = nullptr; // what has been used of the library
  Environment *fileScope = nullptr;
  Environment *scope = nullptr; // of what is evaluated
  Frame *frame = nullptr;       // null where only compile-time values exist
  Instance *model = nullptr;
  std::unique_ptr<Meanings> meanings;  // of results; null without training
  std::vector<std::string> fieldNames; // of the training data

  std::deque<Environment> environments;
  std::deque<Instance> instances;
  std::deque<Slot> slots;
  int64_t slotBytes = 0;
  std::deque<FunctionInstance> functions;
  std::map<std::string, FunctionInstance *> functionCache;
  std::vector<std::pair<const FunctionReference *, std::string>> building;
  std::vector<std::unique_ptr<ast::File>> imported;
  /// The symbols that there are, with the suffix to try next.
  llvm::StringMap<unsigned> symbolNames;
  llvm::StringSet<> slotFileNames;
  llvm::DenseSet<const SourceFile *> libraryFiles;
  llvm::DenseMap<const Environment *, llvm::SmallVector<const ast::File *, 2>>
      filesOf; // files whose declarations a File environment holds
  std::vector<EntryOutput> outputs; // of the entry under construction
  std::vector<llvm::SmallVector<NamedAttribute, 2>> inputs; // likewise
  int64_t symbolBound = 0; // of symbols without a bound of their own
  std::vector<const ast::Hyper *> hypers;
  llvm::DenseSet<const ast::Hyper *> refusedHypers; // reported once
  Environment *fieldsScope = nullptr; // of a training plan: fields by name
  const ast::Data *fieldsOf = nullptr;
  SourceRange implied; // a metric whose arguments are not written out
  const LibraryCall *libraryCall = nullptr; // what is built is within it
  std::vector<llvm::StringRef> builtins;
  unsigned nesting = 0;
  bool saidTooDeep = false;
  bool mayDefer = false, isDeferred = false; // see evaluateOrDefer
  unsigned modulesNested = 0;
  int64_t loopsNumbered = 0; // of messages
  uint64_t steps = 0;
};

} // namespace modelc::lowering

#endif
