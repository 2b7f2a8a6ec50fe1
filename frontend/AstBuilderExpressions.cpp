// AstBuilderExpressions.cpp: statements and expressions, from parse tree to
// syntax tree.
#include "frontend/AstBuilder.h"
#include "frontend/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"

using namespace modelc;
using namespace modelc::ast;
using antlr4::Token;
using llvm::ArrayRef;
using llvm::SmallVector;
using llvm::StringRef;

Identifier AstBuilder::identifier(Grammar::NameContext *context) {
  SourceRange range = places.range(context);
  return {range.text(), range};
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

/// Whether an `if` can be a value: each of its branches ends with one.
static bool hasValue(const If *choice) {
  return choice->elseBlock && choice->thenBlock->value &&
         choice->elseBlock->value;
}

Block *AstBuilder::block(Grammar::BlockContext *context) {
  auto *node = make<Block>(context);
  SmallVector<Statement *> statements;
  for (Grammar::StatementLineContext *line : context->statementLine())
    statements.push_back(statement(line->statement()));
  if (!statements.empty())
    if (auto *last = llvm::dyn_cast<ExpressionStatement>(statements.back())) {
      auto *choice = llvm::dyn_cast<If>(last->expression);
      if (!choice || hasValue(choice)) {
        node->value = last->expression;
        statements.pop_back();
      }
    }
  node->statements = file.copy<Statement *>(statements);
  return node;
}

Statement *AstBuilder::statement(Grammar::StatementContext *context) {
  if (auto *let = context->let()) {
    auto *node = make<Let>(let);
    node->pattern = pattern(let->pattern());
    node->type = let->type() ? type(let->type()) : nullptr;
    node->value = expression(let->expression());
    return node;
  }
  if (auto *update = context->update()) {
    auto *node = make<Update>(update);
    node->state = identifier(update->name());
    node->value = expression(update->expression());
    return node;
  }
  if (auto *loop = context->forLoop()) {
    auto *node = make<For>(loop);
    node->pattern = pattern(loop->pattern());
    node->iterable = expression(loop->expression());
    node->body = block(loop->block());
    return node;
  }
  if (auto *local = context->function()) {
    auto *node = make<LocalFunction>(local);
    node->function = function(local, FunctionPlace::Local);
    return node;
  }
  return expressionOrRebind(context->expressionOrRebind());
}

Statement *
AstBuilder::expressionOrRebind(Grammar::ExpressionOrRebindContext *context) {
  std::vector<Grammar::ExpressionContext *> sides = context->expression();
  Expression *first = expression(sides[0]);
  if (sides.size() == 1) {
    auto *node = make<ExpressionStatement>(context);
    node->expression = first;
    return node;
  }
  auto *node = make<Rebind>(context);
  node->pattern = patternFrom(first);
  node->value = expression(sides[1]);
  return node;
}

Pattern *AstBuilder::pattern(Grammar::PatternContext *context) {
  auto *node = make<Pattern>(context);
  if (context->name()) {
    node->name = identifier(context->name());
    return node;
  }
  SmallVector<Pattern *> elements;
  for (Grammar::PatternContext *element : context->pattern())
    elements.push_back(pattern(element));
  node->isTuple = true;
  node->elements = file.copy<Pattern *>(elements);
  return node;
}

/// The left side of `h = e` was parsed as an expression, so that anything else
/// there can be told what it is.
Pattern *AstBuilder::patternFrom(Expression *written) {
  auto *node = file.create<Pattern>(written->range);
  if (auto *name = llvm::dyn_cast<Name>(written)) {
    node->name = {name->name, name->range};
    return node;
  }
  auto *tuple = llvm::dyn_cast<Tuple>(written);
  if (!tuple) {
    Diagnostic &error =
        diagnostics.report(DiagnosticId::NotAssignable, written->range);
    if (llvm::isa<Index, Member>(written))
      error.hint(HintId::StateIsUpdated);
    else
      error.hint(HintId::CompareWithDoubleEqual);
    return node;
  }
  SmallVector<Pattern *> elements;
  for (Expression *element : tuple->elements)
    elements.push_back(patternFrom(element));
  node->isTuple = true;
  node->elements = file.copy<Pattern *>(elements);
  return node;
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

static BinaryOperator binaryOperator(size_t type) {
  using Grammar = grammar::ModelParser;
  switch (type) {
  case Grammar::PLUS:
    return BinaryOperator::Add;
  case Grammar::MINUS:
    return BinaryOperator::Subtract;
  case Grammar::STAR:
    return BinaryOperator::Multiply;
  case Grammar::SLASH:
    return BinaryOperator::Divide;
  case Grammar::AT:
    return BinaryOperator::MatrixMultiply;
  case Grammar::EQUAL:
    return BinaryOperator::Equal;
  case Grammar::NOT_EQUAL:
    return BinaryOperator::NotEqual;
  case Grammar::LESS:
    return BinaryOperator::Less;
  case Grammar::LESS_EQUAL:
    return BinaryOperator::LessEqual;
  case Grammar::GREATER:
    return BinaryOperator::Greater;
  default:
    assert(type == Grammar::GREATER_EQUAL && "not a binary operator");
    return BinaryOperator::GreaterEqual;
  }
}

SourceRange AstBuilder::wholeRange(const Expression *part) const {
  auto found = parentheses.find(part);
  return found == parentheses.end() ? part->range : found->second;
}

Expression *AstBuilder::binary(BinaryOperator op, const Token *token,
                               Expression *left, Expression *right) {
  auto *node = file.create<Binary>(wholeRange(left).to(wholeRange(right)));
  node->op = op;
  node->operatorRange = places.range(token);
  node->left = left;
  node->right = right;
  return node;
}

Expression *AstBuilder::unary(UnaryOperator op, const Token *token,
                              Expression *operand) {
  auto *node = file.create<Unary>(places.range(token).to(wholeRange(operand)));
  node->op = op;
  node->operand = operand;
  return node;
}

ArrayRef<Expression *> AstBuilder::expressions(
    const std::vector<Grammar::ExpressionContext *> &contexts) {
  SmallVector<Expression *> nodes;
  for (Grammar::ExpressionContext *context : contexts)
    nodes.push_back(expression(context));
  return file.copy<Expression *>(nodes);
}

Expression *AstBuilder::expression(Grammar::ExpressionContext *context) {
  Expression *result = disjunction(context->disjunction());
  for (Grammar::PostfixContext *target : context->postfix()) {
    Expression *function = postfix(target);
    auto *node = file.create<Pipe>(wholeRange(result).to(wholeRange(function)));
    node->input = result;
    node->target = function;
    result = node;
  }
  return result;
}

Expression *AstBuilder::disjunction(Grammar::DisjunctionContext *context) {
  std::vector<Grammar::ConjunctionContext *> operands = context->conjunction();
  auto operators = context->OR();
  Expression *result = conjunction(operands[0]);
  for (size_t i = 1; i != operands.size(); ++i)
    result = binary(BinaryOperator::Or, operators[i - 1]->getSymbol(), result,
                    conjunction(operands[i]));
  return result;
}

Expression *AstBuilder::conjunction(Grammar::ConjunctionContext *context) {
  std::vector<Grammar::NegationContext *> operands = context->negation();
  auto operators = context->AND();
  Expression *result = negation(operands[0]);
  for (size_t i = 1; i != operands.size(); ++i)
    result = binary(BinaryOperator::And, operators[i - 1]->getSymbol(), result,
                    negation(operands[i]));
  return result;
}

Expression *AstBuilder::negation(Grammar::NegationContext *context) {
  Expression *result = comparison(context->comparison());
  auto words = context->NOT();
  for (auto *word : llvm::reverse(words))
    result = unary(UnaryOperator::Not, word->getSymbol(), result);
  return result;
}

Expression *AstBuilder::comparison(Grammar::ComparisonContext *context) {
  std::vector<Grammar::RangeContext *> operands = context->range();
  Expression *result = range(operands[0]);
  if (operands.size() > 2)
    diagnostics
        .report(DiagnosticId::ChainedComparison,
                places.range(context->operators[1]))
        .note(NoteId::ComparisonHere, places.range(context->operators[0]))
        .hint(HintId::SplitComparison);
  for (size_t i = 1; i != operands.size(); ++i) {
    const Token *op = context->operators[i - 1];
    result =
        binary(binaryOperator(op->getType()), op, result, range(operands[i]));
  }
  return result;
}

Expression *AstBuilder::range(Grammar::RangeContext *context) {
  std::vector<Grammar::SumContext *> ends = context->sum();
  Expression *start = sum(ends[0]);
  if (ends.size() == 1)
    return start;
  auto *node = make<Range>(context);
  node->start = start;
  node->stop = sum(ends[1]);
  return node;
}

Expression *AstBuilder::sum(Grammar::SumContext *context) {
  std::vector<Grammar::ProductContext *> operands = context->product();
  Expression *result = product(operands[0]);
  for (size_t i = 1; i != operands.size(); ++i) {
    const Token *op = context->operators[i - 1];
    result =
        binary(binaryOperator(op->getType()), op, result, product(operands[i]));
  }
  return result;
}

Expression *AstBuilder::product(Grammar::ProductContext *context) {
  std::vector<Grammar::NegatedContext *> operands = context->negated();
  Expression *result = negated(operands[0]);
  for (size_t i = 1; i != operands.size(); ++i) {
    const Token *op = context->operators[i - 1];
    result =
        binary(binaryOperator(op->getType()), op, result, negated(operands[i]));
  }
  return result;
}

Expression *AstBuilder::negated(Grammar::NegatedContext *context) {
  Expression *result = power(context->power());
  auto signs = context->MINUS();
  for (auto *sign : llvm::reverse(signs))
    result = unary(UnaryOperator::Negate, sign->getSymbol(), result);
  return result;
}

/// `a ** b ** -c` is `a ** (b ** (-c))`.
Expression *AstBuilder::power(Grammar::PowerContext *context) {
  std::vector<Grammar::ExponentContext *> exponents = context->exponent();
  auto operators = context->POWER();
  Expression *right = nullptr;
  for (size_t i = exponents.size(); i != 0; --i) {
    Expression *operand = postfix(exponents[i - 1]->postfix());
    if (right)
      operand = binary(BinaryOperator::Power, operators[i]->getSymbol(),
                       operand, right);
    auto signs = exponents[i - 1]->MINUS();
    for (auto *sign : llvm::reverse(signs))
      operand = unary(UnaryOperator::Negate, sign->getSymbol(), operand);
    right = operand;
  }
  Expression *base = postfix(context->postfix());
  if (!right)
    return base;
  return binary(BinaryOperator::Power, operators[0]->getSymbol(), base, right);
}

//===----------------------------------------------------------------------===//
// Calls, members, indices, primaries
//===----------------------------------------------------------------------===//

Expression *AstBuilder::postfix(Grammar::PostfixContext *context) {
  Expression *result = primary(context->primary());
  for (Grammar::SuffixContext *part : context->suffix())
    result = suffix(result, part);
  return result;
}

Expression *AstBuilder::suffix(Expression *base,
                               Grammar::SuffixContext *context) {
  SourceRange range = wholeRange(base).to(places.range(context));
  if (context->name()) {
    auto *node = file.create<Member>(range);
    node->base = base;
    node->name = identifier(context->name());
    return node;
  }
  if (context->arguments()) {
    auto *node = file.create<Call>(range);
    node->callee = base;
    node->arguments = arguments(context->arguments());
    return node;
  }
  auto *node = file.create<Index>(range);
  node->base = base;
  SmallVector<Subscript> subscripts;
  for (Grammar::SubscriptContext *part : context->subscript())
    subscripts.push_back(subscript(part));
  node->subscripts = file.copy<Subscript>(subscripts);
  return node;
}

ArrayRef<Argument> AstBuilder::arguments(Grammar::ArgumentsContext *context) {
  SmallVector<Argument> list;
  for (Grammar::ArgumentContext *written : context->argument()) {
    Argument argument;
    argument.range = places.range(written);
    if (written->name())
      argument.name = identifier(written->name());
    if (written->ELLIPSIS())
      argument.value =
          file.create<Ellipsis>(places.range(written->ELLIPSIS()->getSymbol()));
    else
      argument.value = expression(written->expression());
    list.push_back(argument);
  }
  return file.copy<Argument>(list);
}

Subscript AstBuilder::subscript(Grammar::SubscriptContext *context) {
  Subscript node;
  node.range = places.range(context);
  auto optional = [&](Grammar::SumContext *end) {
    return end ? sum(end) : nullptr;
  };
  node.kind = context->ELLIPSIS() ? Subscript::Ellipsis
              : context->COLON()  ? Subscript::Full
              : context->RANGE()  ? Subscript::Slice
                                  : Subscript::Single;
  node.start = optional(context->first);
  node.stop = optional(context->last);
  node.step = optional(context->stride);
  return node;
}

Expression *AstBuilder::primary(Grammar::PrimaryContext *context) {
  if (auto *token = context->INTEGER()) {
    auto *node = make<IntegerLiteral>(context);
    node->spelling = places.text(token->getSymbol());
    return node;
  }
  if (auto *token = context->FLOAT()) {
    auto *node = make<FloatLiteral>(context);
    node->spelling = places.text(token->getSymbol());
    return node;
  }
  if (auto *token = context->STRING())
    return stringLiteral(token->getSymbol());
  if (context->TRUE() || context->FALSE()) {
    auto *node = make<BooleanLiteral>(context);
    node->value = context->TRUE() != nullptr;
    return node;
  }
  if (context->name()) {
    auto *node = make<Name>(context);
    node->name = node->range.text();
    return node;
  }
  if (context->ifExpression())
    return ifExpression(context->ifExpression());
  std::vector<Grammar::ExpressionContext *> elements = context->expression();
  if (context->LBRACKET()) {
    auto *node = make<List>(context);
    node->elements = expressions(elements);
    return node;
  }
  if (elements.size() == 1 && context->COMMA().empty()) {
    Expression *inner = expression(elements[0]);
    parentheses[inner] = places.range(context);
    return inner;
  }
  auto *node = make<Tuple>(context);
  node->elements = expressions(elements);
  return node;
}

Expression *AstBuilder::ifExpression(Grammar::IfExpressionContext *context) {
  auto *node = make<If>(context);
  std::vector<Grammar::BlockContext *> blocks = context->block();
  node->condition = expression(context->expression());
  node->thenBlock = block(blocks[0]);
  if (blocks.size() == 2) {
    node->elseBlock = block(blocks[1]);
  } else if (auto *nested = context->ifExpression()) {
    auto *choice = llvm::cast<If>(ifExpression(nested));
    node->elseBlock = make<Block>(nested);
    if (hasValue(choice)) {
      node->elseBlock->value = choice;
    } else {
      auto *statement = make<ExpressionStatement>(nested);
      statement->expression = choice;
      node->elseBlock->statements =
          file.copy<Statement *>(ArrayRef<Statement *>(statement));
    }
  }
  return node;
}

StringLiteral *AstBuilder::stringLiteral(const Token *token) {
  SourceRange range = places.range(token);
  auto *node = file.create<StringLiteral>(range);
  StringRef text = range.text().drop_front().drop_back();
  node->value = text;
  if (!text.contains('\\'))
    return node;
  std::string value;
  for (size_t i = 0; i != text.size(); ++i) {
    if (text[i] != '\\') {
      value += text[i];
      continue;
    }
    char escape = text[++i];
    switch (escape) {
    case 'n':
      value += '\n';
      break;
    case 't':
      value += '\t';
      break;
    case '"':
    case '\\':
      value += escape;
      break;
    default: {
      uint32_t at = range.begin + i;
      diagnostics.report(DiagnosticId::UnknownEscape,
                         SourceRange{range.file, at, at + 2},
                         text.substr(i - 1, 2));
    }
    }
  }
  node->value = file.copy(StringRef(value));
  return node;
}
