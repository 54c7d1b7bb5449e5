{#
    Patterns for a folded name (see replace_patterns) that leave out titles which are titles only with their full stop, because
    they are names without it: `Gen.`, `Hon.`, and `phil.` behind `Dr.` Titles behind a name in Chinese, Japanese and Korean go too.
#}
{% macro _title_rules() %}
    {%- set titles = [
        'adj|arch|avv?|br|brig|cav|cel|col|comm|doc|ds|eng|fr|gen|geom|gov|hon|ing|lt|mag|maj|on|op|pr|pres|rag|rt|sen|ten|uzm',
        'agr|dent|h[.] ?c|inf|ing|iur|jur|kfm|kffr|med|nat|oec|phil|pol|rer|sc|soc|techn|theol|vet|wirt'
    ] -%}
    {{- return([
        ['^((' ~ titles[0] ~ ')[.][ -]*)+(\\p{L}{2})', '\\3'],
        ['\\b(dr|dipl)[.]?[ -]*((' ~ titles[1] ~ ')[.][ -]*)+', '\\1 '],
        ['\\b(dott|prof|sig)[.](ssa|ra|na)\\b', '\\1'],
        ['([^ ]) *(' ~ dbt_dedup._honorifics() ~ ')$', '\\1'],
    ]) -}}
{% endmacro %}
