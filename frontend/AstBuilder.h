// AstBuilder.h: from ANTLR's parse tree to the syntax tree.
//
// Only for parse trees without errors: every context has its children. What the
// grammar leaves open so that it can be told well (chained comparisons, missing
// types) is checked here.
#ifndef MODELC_FRONTEND_ASTBUILDER_H
#define MODELC_FRONTEND_ASTBUILDER_H

#include "ModelParser.h"
#include "frontend/Ast.h"
#include "frontend/Tokens.h"
#include "llvm/ADT/DenseMap.h"

namespace modelc {

class DiagnosticEngine;

/// Where a function is declared: it decides what may be left out.
enum class FunctionPlace { File, Model, Module, Optimizer, Local };

class AstBuilder {
  using Grammar = grammar::ModelParser;

public:
  AstBuilder(antlr4::CommonTokenStream &tokens, const TokenPlaces &places,
             ast::File &file, DiagnosticEngine &diagnostics)
      : tokens(tokens), places(places), file(file), diagnostics(diagnostics) {}

  void build(Grammar::FileContext *context);

private:
  // Declarations (AstBuilderDeclarations.cpp).
  ast::Declaration *declaration(Grammar::DeclarationContext *);
  ast::Declaration *member(Grammar::MemberContext *, ast::ModuleKind);
  ast::Declaration *import(Grammar::ImportDeclarationContext *);
  ast::Declaration *constant(Grammar::ConstantContext *);
  ast::Declaration *module(Grammar::ModuleContext *);
  ast::Declaration *parameterMember(Grammar::ParameterMemberContext *);
  ast::Declaration *stateMember(Grammar::StateMemberContext *);
  ast::Declaration *submodule(Grammar::SubmoduleContext *);
  ast::Declaration *assertion(Grammar::SubmoduleContext *);
  ast::Declaration *memberIf(Grammar::MemberIfContext *, ast::ModuleKind);
  llvm::ArrayRef<ast::Declaration *> memberBlock(Grammar::MemberBlockContext *,
                                                 ast::ModuleKind);
  ast::Function *function(Grammar::FunctionContext *, FunctionPlace);
  ast::Declaration *customGradient(Grammar::CustomGradientContext *);
  llvm::ArrayRef<ast::ParameterDeclaration>
  parameters(Grammar::ParametersContext *, bool typesNeeded);
  void missingType(const ast::Identifier &parameter);
  ast::Declaration *data(Grammar::DataContext *);
  void split(Grammar::SplitContext *, ast::Data *);
  ast::Call *sourceCall(Grammar::SourceCallContext *);
  ast::Declaration *hyper(Grammar::HyperContext *);
  ast::Declaration *train(Grammar::TrainContext *);
  ast::Objective objective(Grammar::ObjectiveContext *);
  ast::Type *type(Grammar::TypeContext *);
  ast::Dimension dimension(Grammar::DimensionContext *);
  llvm::StringRef documentationBefore(antlr4::ParserRuleContext *);

  // Statements and expressions (AstBuilderExpressions.cpp).
  ast::Block *block(Grammar::BlockContext *);
  ast::Statement *statement(Grammar::StatementContext *);
  ast::Statement *expressionOrRebind(Grammar::ExpressionOrRebindContext *);
  ast::Pattern *pattern(Grammar::PatternContext *);
  ast::Pattern *patternFrom(ast::Expression *);
  ast::Expression *expression(Grammar::ExpressionContext *);
  ast::Expression *disjunction(Grammar::DisjunctionContext *);
  ast::Expression *conjunction(Grammar::ConjunctionContext *);
  ast::Expression *negation(Grammar::NegationContext *);
  ast::Expression *comparison(Grammar::ComparisonContext *);
  ast::Expression *range(Grammar::RangeContext *);
  ast::Expression *sum(Grammar::SumContext *);
  ast::Expression *product(Grammar::ProductContext *);
  ast::Expression *negated(Grammar::NegatedContext *);
  ast::Expression *power(Grammar::PowerContext *);
  ast::Expression *postfix(Grammar::PostfixContext *);
  ast::Expression *suffix(ast::Expression *base, Grammar::SuffixContext *);
  ast::Expression *primary(Grammar::PrimaryContext *);
  ast::Expression *ifExpression(Grammar::IfExpressionContext *);
  ast::StringLiteral *stringLiteral(const antlr4::Token *);
  llvm::ArrayRef<ast::Argument> arguments(Grammar::ArgumentsContext *);
  ast::Subscript subscript(Grammar::SubscriptContext *);
  /// Its range with the parentheses around it.
  SourceRange wholeRange(const ast::Expression *part) const;
  ast::Expression *binary(ast::BinaryOperator, const antlr4::Token *op,
                          ast::Expression *left, ast::Expression *right);
  ast::Expression *unary(ast::UnaryOperator, const antlr4::Token *op,
                         ast::Expression *operand);
  llvm::ArrayRef<ast::Expression *>
  expressions(const std::vector<Grammar::ExpressionContext *> &);

  ast::Identifier identifier(Grammar::NameContext *);
  template <typename T> T *make(antlr4::ParserRuleContext *context) {
    return file.create<T>(places.range(context));
  }

  antlr4::CommonTokenStream &tokens;
  const TokenPlaces &places;
  ast::File &file;
  DiagnosticEngine &diagnostics;
  llvm::DenseMap<const ast::Expression *, SourceRange> parentheses;
};

} // namespace modelc

#endif
