{#
    What a golden record shows of a company: as shown_as_written, without what colleagues are told (`DO NOT USE`, `(duplicate)`),
    departments and who a letter goes to. That a firm is in liquidation stays.
#}
{% macro _shown_company(field_name) %}
    {%- set meant = field_name ~ '__meant' -%}
    {%- set told = dbt_dedup._any_of([
        'do(?: not|n.?t) (?:use|call|contact|mail|email|ship|sell|delete|pay)', 'dup(?:licate|e|l)?', 'duplikat', 'dublette', 'doublon',
        'duplicad[oa]', 'doppione', '(?:bitte )?nicht (?:mehr )?(?:verwenden|benutzen|anrufen|beliefern|kontaktieren)', 'no usar',
        'ne (?:plus|pas) utiliser', 'accounts? (?:payable|receivable)', '(?:accounting|purchasing|billing|payroll) (?:dept[.]?|department)',
    ]) -%}
    {%- set rules = [
        [dbt_dedup._long_pattern(['(?i)[(\\[{<*#]+ *', told, '\\b[^)\\]}*]{0,40}[)\\]}>*#]+']), ' '],
        [dbt_dedup._long_pattern(['(?i)(?: [-–—|~/]+|[-–—]+ |[*#!;:,]) *', told, '[ *#!.]*$']), ''],
        [dbt_dedup._long_pattern(['(?i)^[^\\p{L}\\p{N}]*', told, '(?: +[-–—]+ *|[-–—]+ +| *[:*)\\]!>#|]+ *)']), ''],
        ['(?i)^do(?: not|n.?t) use +(.{3})', '\\1'],
        ['(?i) (?:c/o|attn[.:]?|att:|z[.] ?hd[.]?|zu h[aä]nden) .*$', ''],
        [dbt_dedup._doubled_spaces(), ' '],
    ] -%}
    {%- set any = '(?i)do(?: not|n.?t) |dup|dubl|doub|dopp|nicht |no usar|ne p|account|dep|payroll|c/o|att|z[.] ?hd|zu h' -%}
    {%- set cleared -%}
case
    when {{ dbt_dedup.matches_pattern(meant, any) }}
        then coalesce(nullif(trim(
            {{ dbt_dedup.replace_patterns(meant, rules) }}
        ), ''), {{ field_name }})
end
    {%- endset -%}
    {{- return('coalesce(' ~ cleared ~ ', ' ~ dbt_dedup.shown_as_written(field_name) ~ ')') -}}
{% endmacro %}
