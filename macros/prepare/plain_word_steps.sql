{# The steps from a column to its plain_words, <field>__clean. #}
{% macro plain_word_steps(field_name, column) %}
    {{- return([
        {'folded': dbt_dedup.fold_text(column)},
        {'clean': dbt_dedup.plain_words(field_name ~ '__folded')},
    ]) -}}
{% endmacro %}
