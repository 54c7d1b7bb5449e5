{#
    Patterns for a folded name (see replace_patterns) that leave out titles which are titles only with their full stop, because
    they are names without it: `Gen.`, `Hon.`, and `phil.` behind `Dr.`
#}
{% macro _title_rules() %}
    {{- return([
        ['^((adj|br|col|fr|gen|gov|hon|ing|lt|mag|maj|pres|rt|sen)[.][ -]*)+(\\p{L}{2})', '\\3'],
        ['\\b(dr|dipl)[.]?[ -]*((dent|h[.] ?c|inf|ing|iur|jur|kfm|kffr|med|oec|phil|theol|vet|wirt)[.][ -]*)+', '\\1 '],
    ]) -}}
{% endmacro %}
