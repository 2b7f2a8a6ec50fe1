// Parser.cpp: runs lexer, newline filter and parser; ANTLR's exceptions end
// here.
#include "frontend/Parser.h"
#include "frontend/AstBuilder.h"
#include "frontend/Diagnostics.h"
#include "frontend/NewlineFilter.h"
#include "frontend/ParseTree.h"
#include "frontend/SyntaxErrors.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/ErrorHandling.h"

using namespace modelc;
using grammar::ModelLexer;
using grammar::ModelParser;

/// Reports the first byte that is not UTF-8.
static bool checkUtf8(SourceRange part, DiagnosticEngine &diagnostics) {
  llvm::StringRef text = part.text();
  const llvm::UTF8 *position = text.bytes_begin();
  if (llvm::isLegalUTF8String(&position, text.bytes_end()))
    return true;
  uint32_t at = part.begin + (position - text.bytes_begin());
  diagnostics.report(DiagnosticId::NotUtf8, SourceRange{part.file, at, at + 1});
  return false;
}

/// First by SLL prediction, which is fast and right for all correct programs of
/// this grammar; if that stumbles, again by full LL, whose errors are reported.
static ModelParser::FileContext *parseFile(ModelParser &parser,
                                           const TokenPlaces &places,
                                           DiagnosticEngine &diagnostics) {
  auto *interpreter = parser.getInterpreter<antlr4::atn::ParserATNSimulator>();
  parser.removeErrorListeners();
  interpreter->setPredictionMode(antlr4::atn::PredictionMode::SLL);
  parser.setErrorHandler(std::make_shared<antlr4::BailErrorStrategy>());
  try {
    return parser.file();
  } catch (const antlr4::ParseCancellationException &) {
  }
  parser.reset();
  interpreter->setPredictionMode(antlr4::atn::PredictionMode::LL);
  parser.setErrorHandler(std::make_shared<SyntaxErrors>(places, diagnostics));
  return parser.file();
}

/// A `}` that closes nothing follows from an error before it, or is one.
static void explainBrace(SourceRange brace, size_t errorsBefore,
                         DiagnosticEngine &diagnostics) {
  Diagnostic *cause = nullptr;
  for (size_t i = errorsBefore; i < diagnostics.errorCount(); ++i)
    if (Diagnostic &error = diagnostics.at(i); error.range.begin < brace.begin)
      if (!cause || error.range.begin > cause->range.begin)
        cause = &error;
  if (cause)
    cause->note(NoteId::ClosedHere, brace, brace.text());
  else
    diagnostics.report(DiagnosticId::UnbalancedBracket, brace, brace.text());
}

std::unique_ptr<ParseTree> ParseTree::parse(SourceRange part,
                                            DiagnosticEngine &diagnostics) {
  if (!checkUtf8(part, diagnostics))
    return nullptr;
  size_t errorsBefore = diagnostics.errorCount();
  std::unique_ptr<ParseTree> result(new ParseTree(part));
  result->lexer.removeErrorListeners();
  auto tokens = result->lexer.getAllTokens();
  SourceRange surplusBrace;
  if (!filterNewlines(tokens, result->places(), diagnostics, surplusBrace))
    return nullptr;
  if (!tokens.empty()) { // ANTLR's list of tokens refuses none
    result->filtered.emplace(std::move(tokens));
    result->stream.emplace(&*result->filtered);
    result->parser.emplace(&*result->stream);
    result->tree = parseFile(*result->parser, result->places(), diagnostics);
  }
  if (surplusBrace.isValid())
    explainBrace(surplusBrace, errorsBefore, diagnostics);
  return diagnostics.errorCount() == errorsBefore ? std::move(result) : nullptr;
}

static std::unique_ptr<ast::File> parseOrThrow(SourceRange part,
                                               DiagnosticEngine &diagnostics) {
  size_t errorsBefore = diagnostics.errorCount();
  std::unique_ptr<ParseTree> parsed = ParseTree::parse(part, diagnostics);
  if (!parsed)
    return nullptr;
  auto file = std::make_unique<ast::File>(*part.file);
  if (!parsed->file())
    return file;
  AstBuilder(*parsed->tokens(), parsed->places(), *file, diagnostics)
      .build(parsed->file());
  return diagnostics.errorCount() == errorsBefore ? std::move(file) : nullptr;
}

std::unique_ptr<ast::File> modelc::parse(SourceRange part,
                                         DiagnosticEngine &diagnostics) {
  try {
    return parseOrThrow(part, diagnostics);
  } catch (const std::exception &e) {
    llvm::report_fatal_error(llvm::Twine("the parser failed on `") +
                             part.file->name() + "`: " + e.what());
  }
}

std::unique_ptr<ast::File> modelc::parse(const SourceFile &source,
                                         DiagnosticEngine &diagnostics) {
  return parse(SourceRange{&source, 0, uint32_t(source.text().size())},
               diagnostics);
}
