// Documentation.cpp: signatures are the source's own text without bodies, so
// they say what the author wrote and need no printer.
#include "frontend/Documentation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace modelc;
using namespace modelc::ast;
using llvm::dyn_cast;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Signatures
//===----------------------------------------------------------------------===//

/// The text without comments and with each white space as one blank.
static std::string onOneLine(StringRef text) {
  std::string line;
  for (StringRef rest = text; !rest.empty();) {
    StringRef part;
    std::tie(part, rest) = rest.split('\n');
    part = part.split("//").first;
    llvm::SmallVector<StringRef> words;
    llvm::SplitString(part, words);
    for (StringRef word : words)
      line += (line.empty() || line.back() == '(' ? "" : " ") + word.str();
  }
  return line;
}

/// The text of a declaration before its body. `headEnd` is a place before the
/// brace, behind everything else that might hold one.
static StringRef head(SourceRange range, uint32_t headEnd) {
  StringRef text = range.text();
  return text.take_front(text.find('{', headEnd - range.begin));
}

static uint32_t endOf(llvm::ArrayRef<ParameterDeclaration> parameters,
                      const Declaration &node) {
  if (!parameters.empty())
    return parameters.back().range.end;
  return node.name.empty() ? node.range.begin : node.name.range.end;
}

/// The word that a reader does without.
static StringRef without(StringRef word, StringRef text) {
  if (text.consume_front(word) && !text.empty() && !llvm::isAlnum(text[0]))
    return text.ltrim();
  return text;
}

static std::string signatureOf(const Declaration &node) {
  StringRef text = node.range.text();
  if (auto *function = dyn_cast<Function>(&node)) {
    text = head(node.range, endOf(function->parameters, node));
    text = without("fn", without("export", text));
  } else if (auto *module = dyn_cast<Module>(&node)) {
    text = head(node.range, endOf(module->parameters, node));
    text = without("module", text);
  } else if (auto *data = dyn_cast<Data>(&node)) {
    text = head(node.range,
                data->source ? data->source->range.end : endOf({}, node));
  } else if (auto *train = dyn_cast<Train>(&node)) {
    text = head(node.range, train->data.range.end);
  }
  return onOneLine(text);
}

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

static bool isDocumented(const Declaration &node) {
  return !llvm::isa<Import, CustomGradient, Assertion, MemberIf>(node);
}

static bool isExported(const Declaration &node) {
  auto *function = dyn_cast<Function>(&node);
  return function && function->isExported;
}

/// Those of all branches of a compile-time `if`.
static void addMembers(llvm::ArrayRef<Declaration *> members, StringRef owner,
                       std::vector<Documentation> &found) {
  for (const Declaration *member : members) {
    if (auto *choice = dyn_cast<MemberIf>(member)) {
      addMembers(choice->thenMembers, owner, found);
      addMembers(choice->elseMembers, owner, found);
    }
    if (!isDocumented(*member) ||
        (member->documentation.empty() && !isExported(*member)))
      continue;
    Documentation &entry = found.emplace_back();
    entry.signature = signatureOf(*member);
    if (!member->name.empty()) {
      entry.name = (owner + "." + member->name.name).str();
      if (llvm::isa<Function>(member))
        entry.signature = (owner + "." + entry.signature).str();
    }
    entry.text = member->documentation;
    entry.range = member->range;
  }
}

std::vector<Documentation> modelc::document(const File &file) {
  std::vector<Documentation> found;
  for (const Declaration *node : file.declarations) {
    if (!isDocumented(*node))
      continue;
    Documentation &entry = found.emplace_back();
    entry.name = node->name.name.str();
    entry.signature = signatureOf(*node);
    entry.text = node->documentation;
    entry.range = node->range;
    if (auto *module = dyn_cast<Module>(node))
      addMembers(module->members, entry.name, entry.members);
  }
  return found;
}

//===----------------------------------------------------------------------===//
// Comments
//===----------------------------------------------------------------------===//

std::string modelc::fileComment(const SourceFile &source) {
  std::string text;
  StringRef rest = source.text();
  while (rest.starts_with("//") && !rest.starts_with("///")) {
    StringRef line;
    std::tie(line, rest) = rest.split('\n');
    line.consume_front("//");
    line.consume_front(" ");
    text += (text.empty() ? "" : "\n") + line.rtrim().str();
  }
  StringRef name = llvm::sys::path::filename(source.name());
  StringRef words = text;
  if (words.consume_front(name) && words.consume_front(": "))
    return words.str();
  return text;
}

std::string modelc::firstSentence(StringRef text) {
  for (size_t i = text.find('.'); i != StringRef::npos;
       i = text.find('.', i + 1))
    if (i + 1 == text.size() || llvm::isSpace(text[i + 1])) {
      text = text.take_front(i + 1);
      break;
    }
  return onOneLine(text);
}
