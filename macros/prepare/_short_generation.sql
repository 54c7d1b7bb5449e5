{# The generation at the end of a name in its short form: jr, sr, ii, iii, iv or v. #}
{% macro _short_generation(word) %}
    {{- return(dbt_dedup.replace_patterns(word, [['^(jnr|junior)$', 'jr'], ['^(snr|senior)$', 'sr'], ['^vth$', 'v']])) -}}
{% endmacro %}
