{#
    A pattern of the words behind which a folded name of a person goes on with another name of theirs: the one at birth, that of
    the husband, one from before. With `hardly_names` only those that are hardly ever a family name, as `Born` is.
#}
{% macro _other_name_words(hardly_names=false) %}
    {%- set words = 'n[eé]e|geb[.]?|geborene?r?|roz[.]|rozen[aá]|z domu|z d[.]|[eé]pouse|[eé]p[.]|veuve|vve|alias|formerly' -%}
    {%- set others = '|born|nata|nacida|nascida|f[oö]dd|f[oø]dt|de domo|maiden name|[af][./]?k[./]?a[.]?|also known as|previously' -%}
    {{- return(words if hardly_names else dbt_dedup._long_pattern([words, others])) -}}
{% endmacro %}
