// AstBuilderDeclarations.cpp: declarations and types, from parse tree to syntax
// tree.
#include "frontend/AstBuilder.h"
#include "frontend/Diagnostics.h"

using namespace modelc;
using namespace modelc::ast;
using llvm::ArrayRef;
using llvm::SmallVector;
using llvm::StringRef;

void AstBuilder::build(Grammar::FileContext *context) {
  SmallVector<Declaration *> declarations;
  for (Grammar::DeclarationLineContext *line : context->declarationLine()) {
    Declaration *node = declaration(line->declaration());
    node->documentation = documentationBefore(line);
    declarations.push_back(node);
  }
  file.declarations = file.copy<Declaration *>(declarations);
}

/// The text of the `///` lines directly before a declaration.
StringRef AstBuilder::documentationBefore(antlr4::ParserRuleContext *context) {
  constexpr ssize_t documentationChannel = 2;
  std::string text;
  for (antlr4::Token *token : tokens.getHiddenTokensToLeft(
           context->start->getTokenIndex(), documentationChannel)) {
    StringRef line = places.text(token).drop_front(3);
    line.consume_front(" ");
    if (!text.empty())
      text += '\n';
    text += line.rtrim();
  }
  return file.copy(StringRef(text));
}

Declaration *AstBuilder::declaration(Grammar::DeclarationContext *context) {
  if (auto *node = context->importDeclaration())
    return import(node);
  if (auto *node = context->constant())
    return constant(node);
  if (auto *node = context->module())
    return module(node);
  if (auto *node = context->function())
    return function(node, FunctionPlace::File);
  if (auto *node = context->customGradient())
    return customGradient(node);
  if (auto *node = context->data())
    return data(node);
  if (auto *node = context->hyper())
    return hyper(node);
  return train(context->train());
}

Declaration *AstBuilder::import(Grammar::ImportDeclarationContext *context) {
  auto *node = make<Import>(context);
  node->path = stringLiteral(context->STRING()->getSymbol());
  return node;
}

Declaration *AstBuilder::constant(Grammar::ConstantContext *context) {
  auto *node = make<Constant>(context);
  node->name = identifier(context->name());
  node->value = expression(context->expression());
  return node;
}

//===----------------------------------------------------------------------===//
// Modules
//===----------------------------------------------------------------------===//

static ModuleKind moduleKind(size_t type) {
  using Grammar = grammar::ModelParser;
  switch (type) {
  case Grammar::MODEL:
    return ModuleKind::Model;
  case Grammar::OPTIMIZER:
    return ModuleKind::Optimizer;
  case Grammar::METRIC:
    return ModuleKind::Metric;
  case Grammar::TRANSFORM:
    return ModuleKind::Transform;
  default:
    return ModuleKind::Module;
  }
}

static FunctionPlace placeIn(ModuleKind kind) {
  return kind == ModuleKind::Model       ? FunctionPlace::Model
         : kind == ModuleKind::Optimizer ? FunctionPlace::Optimizer
                                         : FunctionPlace::Module;
}

Declaration *AstBuilder::module(Grammar::ModuleContext *context) {
  auto *node = make<Module>(context);
  node->moduleKind = moduleKind(context->moduleWord()->start->getType());
  node->name = identifier(context->name());
  if (context->parameters())
    node->parameters = parameters(context->parameters(), /*typesNeeded=*/true);
  SmallVector<Declaration *> members;
  for (Grammar::MemberLineContext *line : context->memberLine()) {
    members.push_back(member(line->member(), node->moduleKind));
    members.back()->documentation = documentationBefore(line);
  }
  node->members = file.copy<Declaration *>(members);
  return node;
}

Declaration *AstBuilder::member(Grammar::MemberContext *context,
                                ModuleKind kind) {
  if (auto *node = context->parameterMember())
    return parameterMember(node);
  if (auto *node = context->stateMember())
    return stateMember(node);
  if (auto *node = context->submodule())
    return submodule(node);
  if (auto *node = context->constant())
    return constant(node);
  if (auto *node = context->function())
    return function(node, placeIn(kind));
  if (auto *node = context->customGradient())
    return customGradient(node);
  return memberIf(context->memberIf(), kind);
}

Declaration *
AstBuilder::parameterMember(Grammar::ParameterMemberContext *context) {
  auto *node = make<Parameter>(context);
  node->isFrozen = context->FROZEN() != nullptr;
  node->name = identifier(context->name());
  node->type = type(context->type());
  if (context->expression())
    node->initializer = expression(context->expression());
  return node;
}

Declaration *AstBuilder::stateMember(Grammar::StateMemberContext *context) {
  auto *node = make<State>(context);
  node->name = identifier(context->name());
  if (context->type())
    node->type = type(context->type());
  if (context->expression())
    node->initializer = expression(context->expression());
  return node;
}

/// `assert(condition, "message")`; anything else that is written like a call is
/// a sub-module without a name.
Declaration *AstBuilder::assertion(Grammar::SubmoduleContext *context) {
  auto *node = make<Assertion>(context);
  StringRef name = places.range(context->name()).text();
  ArrayRef<Argument> given = arguments(context->arguments());
  const antlr4::Token *opener = context->arguments()->start;
  if (name != "assert") {
    diagnostics
        .report(DiagnosticId::UnexpectedToken, places.range(opener),
                places.describe(opener), "`:`")
        .hint(HintId::SubmoduleColon, name.lower());
  } else if (given.empty() || given.size() > 2 ||
             (given.size() == 2 && !llvm::isa<StringLiteral>(given[1].value))) {
    diagnostics.report(DiagnosticId::UnexpectedToken,
                       places.range(context->arguments()), "other arguments",
                       "`(condition, \"message\")`");
  } else {
    node->condition = given[0].value;
    if (given.size() == 2)
      node->message = llvm::cast<StringLiteral>(given[1].value);
  }
  if (!node->condition)
    node->condition = file.create<BooleanLiteral>(node->range);
  return node;
}

Declaration *AstBuilder::submodule(Grammar::SubmoduleContext *context) {
  if (!context->moduleReference())
    return assertion(context);
  auto *node = make<Submodule>(context);
  node->isFrozen = context->FROZEN() != nullptr;
  node->name = identifier(context->name());
  std::vector<Grammar::NameContext *> path = context->moduleReference()->name();
  auto *first = make<Name>(path[0]);
  first->name = first->range.text();
  node->module = first;
  for (Grammar::NameContext *part : ArrayRef(path).drop_front()) {
    SourceRange range = node->module->range.to(places.range(part));
    auto *access = file.create<Member>(range);
    access->base = node->module;
    access->name = identifier(part);
    node->module = access;
  }
  if (auto *written = context->arguments()) {
    auto *call =
        file.create<Call>(node->module->range.to(places.range(written)));
    call->callee = node->module;
    call->arguments = arguments(written);
    node->module = call;
  }
  if (context->expression())
    node->count = expression(context->expression());
  return node;
}

ArrayRef<Declaration *>
AstBuilder::memberBlock(Grammar::MemberBlockContext *context, ModuleKind kind) {
  SmallVector<Declaration *> members;
  for (Grammar::MemberLineContext *line : context->memberLine()) {
    members.push_back(member(line->member(), kind));
    members.back()->documentation = documentationBefore(line);
  }
  return file.copy<Declaration *>(members);
}

Declaration *AstBuilder::memberIf(Grammar::MemberIfContext *context,
                                  ModuleKind kind) {
  auto *node = make<MemberIf>(context);
  std::vector<Grammar::MemberBlockContext *> blocks = context->memberBlock();
  node->condition = expression(context->expression());
  node->thenMembers = memberBlock(blocks[0], kind);
  if (blocks.size() == 2)
    node->elseMembers = memberBlock(blocks[1], kind);
  else if (context->memberIf())
    node->elseMembers = file.copy<Declaration *>(
        ArrayRef<Declaration *>(memberIf(context->memberIf(), kind)));
  return node;
}

//===----------------------------------------------------------------------===//
// Functions and types
//===----------------------------------------------------------------------===//

/// What a function in this place is called in messages.
static StringRef functionPhrase(FunctionPlace place) {
  switch (place) {
  case FunctionPlace::File:
    return "a function outside a module";
  case FunctionPlace::Model:
    return "a function of a model";
  case FunctionPlace::Module:
    return "a function of a module that is no model";
  case FunctionPlace::Optimizer:
    return "a function of an optimizer";
  case FunctionPlace::Local:
    return "a function inside a function";
  }
  llvm_unreachable("all places are handled");
}

Function *AstBuilder::function(Grammar::FunctionContext *context,
                               FunctionPlace place) {
  auto *node = make<Function>(context);
  node->isExported = context->EXPORT() != nullptr;
  if (context->name())
    node->name = identifier(context->name());
  else if (place == FunctionPlace::File || place == FunctionPlace::Local)
    diagnostics.report(DiagnosticId::MissingFunctionName,
                       places.range(context->FN()->getSymbol()),
                       functionPhrase(place));
  if (node->isExported && place != FunctionPlace::Model)
    diagnostics.report(DiagnosticId::MisplacedExport,
                       places.range(context->EXPORT()->getSymbol()),
                       functionPhrase(place));
  bool typesNeeded = place != FunctionPlace::Optimizer;
  node->parameters = parameters(context->parameters(), typesNeeded);
  if (context->type())
    node->result = type(context->type());
  node->body = block(context->block());
  return node;
}

Declaration *
AstBuilder::customGradient(Grammar::CustomGradientContext *context) {
  auto *node = make<CustomGradient>(context);
  node->name = identifier(context->name());
  node->parameters = parameters(context->parameters(), /*typesNeeded=*/false);
  node->body = block(context->block());
  return node;
}

void AstBuilder::missingType(const Identifier &parameter) {
  auto &error = diagnostics.report(DiagnosticId::MissingParameterType,
                                   parameter.range, parameter.name);
  if (parameter.name == "self")
    error.hint(HintId::NoSelf);
  else
    error.hint(HintId::GiveType, parameter.name);
}

ArrayRef<ParameterDeclaration>
AstBuilder::parameters(Grammar::ParametersContext *context, bool typesNeeded) {
  SmallVector<ParameterDeclaration> list;
  for (Grammar::ParameterContext *written : context->parameter()) {
    ParameterDeclaration parameter;
    parameter.range = places.range(written);
    parameter.name = identifier(written->name());
    if (written->type())
      parameter.type = type(written->type());
    else if (typesNeeded)
      missingType(parameter.name);
    if (written->expression())
      parameter.defaultValue = expression(written->expression());
    list.push_back(parameter);
  }
  return file.copy<ParameterDeclaration>(list);
}

Type *AstBuilder::type(Grammar::TypeContext *context) {
  if (context->LPAREN()) {
    SmallVector<Type *> elements;
    for (Grammar::TypeContext *element : context->type())
      elements.push_back(type(element));
    auto *node = make<TupleType>(context);
    node->elements = file.copy<Type *>(elements);
    return node;
  }
  StringRef word = context->name() && !context->LBRACKET()
                       ? places.range(context->name()).text()
                       : StringRef();
  if (context->FN() || word == "module" || word == "tuple") {
    auto *node = make<KindType>(context);
    node->parameterKind = word == "module"  ? KindType::Module
                          : word == "tuple" ? KindType::Tuple
                                            : KindType::Function;
    return node;
  }
  auto *node = make<ArrayType>(context);
  node->elementType = identifier(context->name());
  node->hasBrackets = context->LBRACKET() != nullptr;
  SmallVector<Dimension> dimensions;
  for (Grammar::DimensionContext *written : context->dimension())
    dimensions.push_back(dimension(written));
  node->dimensions = file.copy<Dimension>(dimensions);
  return node;
}

/// `T <= bound` was parsed as a comparison.
Dimension AstBuilder::dimension(Grammar::DimensionContext *context) {
  Dimension node;
  node.range = places.range(context);
  node.isEllipsis = context->ELLIPSIS() != nullptr;
  if (node.isEllipsis)
    return node;
  node.size = expression(context->expression());
  auto *comparison = llvm::dyn_cast<Binary>(node.size);
  if (!comparison || comparison->op < BinaryOperator::Equal)
    return node;
  if (comparison->op == BinaryOperator::LessEqual &&
      llvm::isa<Name>(comparison->left)) {
    node.size = comparison->left;
    node.bound = comparison->right;
  } else {
    diagnostics.report(DiagnosticId::BadDimension, node.range);
  }
  return node;
}

//===----------------------------------------------------------------------===//
// Data, hypers, training
//===----------------------------------------------------------------------===//

Declaration *AstBuilder::data(Grammar::DataContext *context) {
  auto *node = make<Data>(context);
  node->name = identifier(context->name());
  if (context->sourceCall())
    node->source = sourceCall(context->sourceCall());
  SmallVector<DataField> fields;
  for (Grammar::DataLineContext *line : context->dataLine()) {
    if (auto *written = line->dataField()) {
      DataField field;
      field.documentation = documentationBefore(line);
      field.name = identifier(written->name());
      field.value = expression(written->expression());
      field.range = places.range(written);
      fields.push_back(field);
      continue;
    }
    split(line->split(), node);
  }
  node->fields = file.copy<DataField>(fields);
  return node;
}

void AstBuilder::split(Grammar::SplitContext *context, Data *node) {
  SourceRange range = places.range(context);
  if (node->splitRange.isValid()) {
    diagnostics.report(DiagnosticId::RepeatedSplit, range)
        .note(NoteId::FirstHere, node->splitRange);
    return;
  }
  SmallVector<DataSplit> splits;
  for (Grammar::SplitPartContext *written : context->splitPart()) {
    DataSplit part;
    part.name = identifier(written->name());
    part.range = places.range(written);
    if (auto *percent = written->PERCENT()) {
      const antlr4::Token *token = percent->getSymbol();
      part.share = file.create<PercentLiteral>(places.range(token));
      part.share->spelling = places.text(token).drop_back();
    } else {
      part.source = sourceCall(written->sourceCall());
    }
    splits.push_back(part);
  }
  if (auto *folds = context->INTEGER()) {
    const antlr4::Token *token = folds->getSymbol();
    auto *literal = file.create<IntegerLiteral>(places.range(token));
    literal->spelling = places.text(token);
    node->folds = literal;
  }
  if (Grammar::SplitRuleContext *rule = context->splitRule()) {
    const antlr4::Token *word = rule->getStart();
    node->rule = {places.text(word), places.range(word)};
    node->key = postfix(rule->postfix());
  }
  node->splitRange = range;
  node->splits = file.copy<DataSplit>(splits);
}

Call *AstBuilder::sourceCall(Grammar::SourceCallContext *context) {
  auto *node = make<Call>(context);
  auto *callee = make<Name>(context->name());
  callee->name = callee->range.text();
  node->callee = callee;
  node->arguments = arguments(context->arguments());
  return node;
}

Declaration *AstBuilder::hyper(Grammar::HyperContext *context) {
  auto *node = make<Hyper>(context);
  node->name = identifier(context->name());
  node->type = type(context->type());
  node->defaultValue = expression(context->expression());
  Grammar::HyperSpaceContext *space = context->hyperSpace();
  if (!space)
    return node;
  node->spaceRange = places.range(space);
  if (!space->name()) {
    node->spaceKind = Hyper::Set;
    node->space = expressions(space->expression());
    return node;
  }
  node->spaceKind = Hyper::Call;
  node->spaceName = identifier(space->name());
  SmallVector<Expression *> bounds;
  for (const Argument &argument : arguments(space->arguments()))
    bounds.push_back(argument.value);
  node->space = file.copy<Expression *>(bounds);
  return node;
}

Declaration *AstBuilder::train(Grammar::TrainContext *context) {
  auto *node = make<Train>(context);
  std::vector<Grammar::NameContext *> names = context->name();
  node->model = identifier(names[0]);
  node->data = identifier(names[1]);
  if (context->arguments())
    node->arguments = arguments(context->arguments());
  SmallVector<Objective> objectives;
  SmallVector<StopEarly> stops;
  SmallVector<TrainSetting> settings;
  for (Grammar::TrainLineContext *line : context->trainLine()) {
    if (line->objective()) {
      objectives.push_back(objective(line->objective()));
    } else if (auto *stop = line->stopEarly()) {
      stops.push_back({expression(stop->expression(0)),
                       expression(stop->expression(1)), places.range(stop)});
    } else {
      Grammar::SettingContext *setting = line->setting();
      SourceRange range = places.range(setting->settingName());
      SmallVector<Expression *> over;
      for (Grammar::PostfixContext *name : setting->postfix())
        over.push_back(postfix(name));
      settings.push_back({{range.text(), range},
                          expressions(setting->expression()),
                          file.copy<Expression *>(over),
                          places.range(setting)});
    }
  }
  node->objectives = file.copy<Objective>(objectives);
  node->stops = file.copy<StopEarly>(stops);
  node->settings = file.copy<TrainSetting>(settings);
  return node;
}

Objective AstBuilder::objective(Grammar::ObjectiveContext *context) {
  Objective node;
  node.range = places.range(context);
  node.loss = expression(context->expression());
  std::vector<Grammar::PostfixContext *> names = context->postfix();
  if (context->WITH()) {
    node.optimizer = postfix(names.back());
    names.pop_back();
  }
  SmallVector<Expression *> over;
  for (Grammar::PostfixContext *name : names)
    over.push_back(postfix(name));
  node.over = file.copy<Expression *>(over);
  return node;
}
