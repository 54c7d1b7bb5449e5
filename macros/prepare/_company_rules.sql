{#
    Patterns for a folded name of a company (see replace_patterns), and `where`, a pattern of the names that they may change:
    remarks, branches, proprietors and the state of incorporation are left out, the sign `tradingas` stands before a trading name,
    an article behind a comma and a legal form such as `a/s` or `s.p.a.` in front change their place, and a form without spaces
    around it gets them.
#}
{% macro _company_rules() %}
    {%- set p = dbt_dedup._company_patterns() -%}
    {%- set opened, closed = '[(\\[{<*#]+ *', ' *[)\\]}>*#]+' -%}
    {%- set since = "(?: (?:since|seit|depuis|desde|as of|of|into|with|per))?[ 0-9./:#-]*" -%}
    {%- set dash = '(?: [-–—|~/]+|[-–—]+ |[*#!;:,]) *' -%}
    {%- set article = '(the|die|der|das|la|le|les|el|los|las|il|lo|gli|het)' -%}
    {%- set letter = '[\\p{L}\\p{M}\\p{N}]' -%}
    {%- set gap = '[\\s,;:(\\[–—-]+' -%}
    {%- set parts = dbt_dedup._long_pattern -%}
    {%- set before_unspaced = {'㈱': '株式会社', '[(]株[)]': '株式会社', '㈲': '有限会社', '[(]有[)]': '有限会社', '㈜|[(]주[)]': '주식회사'} -%}
    {%- set rules = [
        [parts([opened ~ '(?:', p.remark, '|', p.marked, '|', p.bracketed, ')' ~ since ~ closed]), ' '],
        [parts([opened ~ '(?:', p.remark, '|dup|duplicate|merged|see|use)\\b[^)\\]}*]{1,40}' ~ closed]), ' '],
        [parts([dash ~ '(?:', p.remark, '|', p.marked, ')' ~ since ~ '[*#!]*$']), ''],
        [parts([' (?:', p.remark, ')' ~ since ~ '[*#!]*$']), ''],
        [parts(['^[^\\p{L}\\p{N}]*(?:', p.remark, '|', p.marked, ')(?: +[-–—]+ *|[-–—]+ +| *[:*)\\]!>#|]+)']), ''],
        ['^z{3,}[ _-]+', ''],
        ['^do(?: not|n.?t) use +(.{3})', '\\1'],
        [' (?:c/o|attn[.:]?|att:|z[.] ?hd[.]?|zu handen) .*$', ''],
        [parts(['\\b(', p.form, ')[.]?' ~ gap ~ '(?:\\p{L}+ ){0,3}', p.branch, '\\b.*$']), '\\1'],
        [parts(['(' ~ letter ~ '.*)[-–—,(] *(?:\\p{L}+ ){0,3}(?:branch(?: office)?|zweigniederlassung(?: .*)?)[)]?$']), '\\1'],
        [',? *[(]?an? (?:\\p{L}+ ){0,3}(?:corporation|company|llc|l[.]l[.]c[.]|(?:general |limited )?partnership)[)]?$', ''],
        [parts(['(' ~ letter ~ "[.)]*)" ~ gap, p.proprietor, ' *' ~ letter ~ '.*$']), '\\1'],
        ['^the trustees? (?:for|of) +(?:the +)?(.)', '\\1'],
        [parts(['(' ~ letter ~ "[.)]*) *[,;(\\[–—-] *", p.renamed, ' +(' ~ letter ~ ')']), '\\1 tradingas \\2'],
        ['^(.+?),? *[(]?(?:is )?an? (?:trading|business|registered business) (?:name|style|division) (?:of|for) (.+)$', '\\2 tradingas \\1'],
        [parts(['(' ~ letter ~ "[.)''\\x22]*)" ~ gap, p.trading, "[\\s:(\\x22''-]+(?:the )?(" ~ letter ~ ')']), '\\1 tradingas \\2'],
        [parts(['\\b(', p.form, ')[.,]* *[(\\[]([^()\\[\\]]+)[)\\]]$']), '\\2 \\1'],
        [parts(['^(.+?) (', p.form, ')[.]? *# ?([0-9]+)$']), '\\1 \\3 \\2'],
        ['^([^,]+) (g ?mbh|ag|kg|kgaa|ltd|inc|llc|plc|s[.]?p[.]?a|s[.]?r[.]?l|sarl|b[.]?v|n[.]?v|oy)[.]?, *(\\p{L}{4}[\\p{L} -]*)$', '\\1 \\3 \\2'],
        ['^cv[.] +(.{3,})$', '\\1 cv'],
        ['^([aiumb]{1,2}[ab]|as|sa),? *[\\x22„“«](.+)[\\x22”“»]$', '\\2 \\1'],
        ['[, ]+n[.] ?a[.]?$', ' nationalassociation'],
        ['^(.+) (s[.]?a[.]?s|s[.]?n[.]?c)[.]? di .+$', '\\1 \\2'],
        ['\\be[.]? ?(kfm|kfr)\\b', 'e\\1'],
        ['^(.*' ~ letter ~ '.*?) *[,(] *' ~ article ~ '[)]?$', '\\2 \\1'],
        ['^([aikp]/s|s[.] ?p[.] ?a[.]?|s[.] ?r[.] ?l[.]?) +(.+)$', '\\2 \\1'],
        ['^(g[.]? ?m[.]? ?b[.]? ?h[.]?) +((?:[^&+u ]|u[^n. ]).*)$', '\\2 \\1'],
        ['^s[.]? ?c[.]? +(.+ s[.]? ?(?:r[.]? ?l|a)[.]?)$', '\\1'],
        ['^(?:fa[.]|firma|ditta|m/s[.]?|messrs[.]?) +(.)', '\\1'],
    ] -%}
    {%- for sign, form in before_unspaced.items() -%}{%- do rules.append([sign, form]) -%}{%- endfor -%}
    {%- do rules.append([parts(['(', p.unspaced, ')']), ' \\1 ']) -%}
    {{- return({
        'rules': rules,
        'where': parts([
            '(?:', p.remark, '|(?:^|[^\\p{L}\\p{N} .&]) *(?:', p.marked, '|', p.bracketed, '|' ~ article ~ '[)]?$)',
            '|\\b(?:', p.trading, '|', p.branch, ')(?:\\b|[ :])|\\b(?:duplicate|merged|see|use) ',
            '|[㈱㈲㈜(\\[#]|^zzz| (?:c/o |attn?[.:]? |z[.])|[a-z][.]?, *\\p{L}{4}|^cv[.]|[, ]n[.] ?a|s[.]?[an][.]?[sc][.]? di ',
            '|^(?:[aikp]/s|fa[.]|firma|ditta|m/s|messrs|s[.] ?[pr][.] ?[al][.]?|g[.]? ?m[.]? ?b[.]? ?h[.]?|s[.]? ?c[.]?|the trustees?)[ .]',
            '|[,;(\\[–—-] *', p.renamed, ' | ', p.proprietor, '|[, (]an? (?:\\p{L}+ ){0,3}(?:corporation|company|l[.]?l[.]?c|partnership)\\b',
            '|(?:trading|business) (?:name|style|division) |', p.unspaced, '|\\be[.]? ?kf|[\\x22”“»]$|^do(?:n| not))',
        ]),
    }) -}}
{% endmacro %}
