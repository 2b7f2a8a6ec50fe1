// Model.g4: the tokens and rules of `.model` files; docs/language.md says what they mean.
//
// No code and no operation names here. frontend/NewlineFilter passes on a line break as NEWLINE
// only where it ends a line of a file or of a body in braces, and puts one before each `}` and
// the end. So every `...Line` ends with NEWLINE, and after a mistake the parser goes on with the
// next line. Words that are keywords only in their place are listed in `name`.
grammar Model;

file : declarationLine* EOF ;
declarationLine : declaration NEWLINE ;

// Declarations

declaration
  : importDeclaration
  | constant
  | module
  | function
  | customGradient
  | data
  | hyper
  | train
  ;

importDeclaration : IMPORT STRING ;

constant : LET name ASSIGN expression ;

module : moduleWord name parameters? LBRACE memberLine* RBRACE ;
moduleWord : MODEL | MODULE | OPTIMIZER | METRIC | TRANSFORM ;
memberLine : member NEWLINE ;
member
  : parameterMember
  | stateMember
  | submodule
  | constant
  | function
  | customGradient
  | memberIf
  ;
parameterMember : FROZEN? PARAM name COLON type (ASSIGN expression)? ;
stateMember : STATE name (COLON type)? (ASSIGN expression)? ;
submodule
  : FROZEN? name
    (COLON moduleReference arguments? (LBRACKET expression RBRACKET)? | arguments)
  ;
moduleReference : name (DOT name)* ;
memberIf : IF expression memberBlock (ELSE (memberBlock | memberIf))? ;
memberBlock : LBRACE memberLine* RBRACE ;

function : EXPORT? FN name? parameters (ARROW type)? block ;
customGradient : CUSTOM GRADIENT name parameters block ;
parameters : LPAREN (parameter (COMMA parameter)* COMMA?)? RPAREN ;
parameter : name (COLON type)? (ASSIGN expression)? ;

data : DATA name (FROM sourceCall)? LBRACE dataLine* RBRACE ;
dataLine : (split | dataField) NEWLINE ;
dataField : name ASSIGN expression ;
split : SPLIT (FOLDS INTEGER | splitPart (COMMA splitPart)*) splitRule? ;
splitPart : name (PERCENT | FROM sourceCall) ;
splitRule : (STRATIFIED | GROUPED) BY postfix ;
sourceCall : name arguments ;

hyper : HYPER name COLON type ASSIGN expression (IN hyperSpace)? ;
hyperSpace : name arguments | LBRACE expression (COMMA expression)* COMMA? NEWLINE RBRACE ;

train : TRAIN name arguments? ON name LBRACE trainLine* RBRACE ;
trainLine : (objective | stopEarly | setting) NEWLINE ;
objective : MINIMIZE expression (OVER postfix (COMMA postfix)*)? (WITH postfix)? ;
stopEarly : STOP_EARLY PATIENCE expression ON expression ;
setting : settingName expression (COMMA expression)* (OVER postfix (COMMA postfix)*)? ;

// Types

type
  : FN
  | name (LBRACKET (dimension (COMMA dimension)*)? RBRACKET)?
  | LPAREN type (COMMA type)* COMMA? RPAREN
  ;
dimension : ELLIPSIS | expression ;

// Statements

block : LBRACE statementLine* RBRACE ;
statementLine : statement NEWLINE ;
statement
  : let
  | update
  | forLoop
  | function
  | expressionOrRebind
  ;
let : LET pattern (COLON type)? ASSIGN expression ;
update : UPDATE name ASSIGN expression ;
forLoop : FOR pattern IN expression block ;
expressionOrRebind : expression (ASSIGN expression)? ;
pattern : name | LPAREN pattern (COMMA pattern)* COMMA? RPAREN ;

// Expressions, from the loosest operator to the tightest

expression : disjunction (PIPE postfix)* ;
disjunction : conjunction (OR conjunction)* ;
conjunction : negation (AND negation)* ;
negation : NOT* comparison ;
comparison : range (operators+=(EQUAL | NOT_EQUAL | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL) range)* ;
range : sum (RANGE sum)? ;
sum : product (operators+=(PLUS | MINUS) product)* ;
product : negated (operators+=(STAR | SLASH | AT) negated)* ;
negated : MINUS* power ;
power : postfix (POWER exponent)* ;
exponent : MINUS* postfix ;
postfix : primary suffix* ;
suffix
  : DOT name
  | arguments
  | LBRACKET subscript (COMMA subscript)* COMMA? RBRACKET
  ;
arguments : LPAREN (argument (COMMA argument)* COMMA?)? RPAREN ;
argument : (name ASSIGN)? (ELLIPSIS | expression) ;
subscript
  : ELLIPSIS
  | COLON
  | RANGE last=sum? (STEP stride=sum)?
  | first=sum (RANGE last=sum? (STEP stride=sum)?)?
  ;
primary
  : INTEGER
  | FLOAT
  | STRING
  | TRUE
  | FALSE
  | name
  | LPAREN (expression (COMMA expression)* COMMA?)? RPAREN
  | LBRACKET (expression (COMMA expression)* COMMA?)? RBRACKET
  | ifExpression
  ;
ifExpression : IF expression block (ELSE (block | ifExpression))? ;

// Every word that is a keyword only in its place is a name elsewhere.

name : settingName | MINIMIZE | STOP_EARLY ;
settingName
  : IDENTIFIER | MODEL | MODULE | OPTIMIZER | METRIC | TRANSFORM | FROZEN | PARAM | STATE | UPDATE
  | CUSTOM | GRADIENT | DATA | FROM | SPLIT | FOLDS | STRATIFIED | GROUPED | BY | HYPER | IN | TRAIN | ON | OVER | WITH | PATIENCE | STEP
  ;

// Tokens

FN : 'fn' ;
LET : 'let' ;
IF : 'if' ;
ELSE : 'else' ;
FOR : 'for' ;
AND : 'and' ;
OR : 'or' ;
NOT : 'not' ;
TRUE : 'true' ;
FALSE : 'false' ;
IMPORT : 'import' ;
EXPORT : 'export' ;

MODEL : 'model' ;
MODULE : 'module' ;
OPTIMIZER : 'optimizer' ;
METRIC : 'metric' ;
TRANSFORM : 'transform' ;
FROZEN : 'frozen' ;
PARAM : 'param' ;
STATE : 'state' ;
UPDATE : 'update' ;
CUSTOM : 'custom' ;
GRADIENT : 'gradient' ;
DATA : 'data' ;
FROM : 'from' ;
SPLIT : 'split' ;
FOLDS : 'folds' ;
STRATIFIED : 'stratified' ;
GROUPED : 'grouped' ;
BY : 'by' ;
HYPER : 'hyper' ;
IN : 'in' ;
TRAIN : 'train' ;
ON : 'on' ;
MINIMIZE : 'minimize' ;
OVER : 'over' ;
WITH : 'with' ;
STOP_EARLY : 'stop_early' ;
PATIENCE : 'patience' ;
STEP : 'step' ;

LPAREN : '(' ;
RPAREN : ')' ;
LBRACKET : '[' ;
RBRACKET : ']' ;
LBRACE : '{' ;
RBRACE : '}' ;
COMMA : ',' ;
COLON : ':' ;
ARROW : '->' ;
ASSIGN : '=' ;
PIPE : '|>' ;
EQUAL : '==' ;
NOT_EQUAL : '!=' ;
LESS_EQUAL : '<=' ;
LESS : '<' ;
GREATER_EQUAL : '>=' ;
GREATER : '>' ;
ELLIPSIS : '...' ;
RANGE : '..' ;
DOT : '.' ;
PLUS : '+' ;
MINUS : '-' ;
POWER : '**' ;
STAR : '*' ;
SLASH : '/' ;
AT : '@' ;
SEMICOLON : ';' ;

PERCENT : DIGIT+ ('.' DIGIT+)? '%' ;
FLOAT : DIGIT+ '.' DIGIT+ EXPONENT? | DIGIT+ EXPONENT ;
INTEGER : DIGIT+ ;
STRING : '"' (~["\\\r\n] | '\\' ~[\r\n])* '"' ;
UNTERMINATED_STRING : '"' (~["\\\r\n] | '\\' ~[\r\n])* ;
IDENTIFIER : [A-Za-z_] [A-Za-z0-9_]* ;

NEWLINE : '\r'? '\n' | '\r' ;
DOCUMENTATION : '///' (~[/\r\n] ~[\r\n]*)? -> channel(2) ;
COMMENT : '//' ~[\r\n]* -> channel(HIDDEN) ;
SPACE : [ \t]+ -> skip ;
UNKNOWN : . ;

fragment DIGIT : [0-9] ;
fragment EXPONENT : [eE] [+-]? DIGIT+ ;
