{# A pattern of what a folded name holds if any of the rules for names may change it. Most names hold none of it. #}
{% macro _signs_in_names() %}
    {{- return(dbt_dedup._long_pattern([
        '[.,/&+(\\[0-9*#!]| the |(' ~ dbt_dedup._honorifics() ~ ')$| (' ~ dbt_dedup._degrees() ~ ')\\b',
        '| [-–—]+ |^[^\\p{L}]|^(?:att|fao |z |zu handen|to the att|the estate|estate of|deceased|verstorben|do ?n|don.t|bitte|nicht)',
        '| (?:nee|geb|geborene?r?|born|nata|nacida|nascida|fodd|fodt|rozena|z domu|de domo|maiden) ',
    ])) -}}
{% endmacro %}
