{#
    The words of dates, without diacritics: `months` (the words for each month, from January, in English, German, French, Spanish,
    Italian, Portuguese, Dutch, the Scandinavian languages, Finnish, Polish, Czech, Hungarian, Romanian, Turkish, Greek, Russian and
    Ukrainian; not `listopada`, which is November in Poland and October in Croatia), in the first seven also `weekdays` (patterns),
    `short_weekdays` (patterns of what begins a date) and `periods` of a year.
#}
{% macro _date_words() %}
    {{- return({
        'months': [
            'jan january januar janner jaenner janvier janv januari enero ene gennaio genn gen janeiro i'
                ~ ' styczen stycznia leden ledna ocak oca tammikuuta ianuarie января январь янв січня ιανουαριου',
            'feb february februar feber febr fevrier fevr fev februari febrero febbraio febb fevereiro ii'
                ~ ' luty lutego unor unora subat sub helmikuuta februarie февраля февраль фев лютого φεβρουαριου',
            'mar march marz maerz mrz mars marzo marco maart mrt iii'
                ~ ' marzec marca brezen brezna mart marts marcius maaliskuuta martie марта март мар березня μαρτιου',
            'apr april avril avr abril abr aprile iv'
                ~ ' kwiecien kwietnia duben dubna nisan nis aprilis huhtikuuta aprilie апреля апрель апр квітня απριλιου',
            'may mai mayo maggio magg mag maio mei v'
                ~ ' maj maja kveten kvetna mayis majus toukokuuta мая май травня μαιου',
            'jun june juni juin junio giugno giu junho vi'
                ~ ' czerwiec czerwca cerven cervna haziran haz junius kesakuuta iunie июня июнь июн червня ιουνιου',
            'jul july juli juillet juil julio luglio lug julho vii'
                ~ ' lipiec lipca cervenec cervence temmuz tem julius heinakuuta iulie июля июль июл липня ιουλιου',
            'aug august augustus aout aou agosto ago ag viii'
                ~ ' sierpien sierpnia srpen srpna agustos augusti augusztus elokuuta августа август авг серпня αυγουστου',
            'sep sept september septembre septiembre setiembre settembre sett set setembro ix'
                ~ ' wrzesien wrzesnia zari eylul eyl szeptember szept syyskuuta septembrie сентября сентябрь сент сен вересня σεπτεμβριου',
            'oct october oktober okt octobre octubre ottobre ott outubro out'
                ~ ' pazdziernik pazdziernika rijen rijna ekim lokakuuta octombrie октября октябрь окт жовтня οκτωβριου',
            'nov november novembre noviembre novembro xi'
                ~ ' listopadu kasim kas marraskuuta noiembrie ноября ноябрь ноя листопада νοεμβριου',
            'dec december dezember dez decembre diciembre dic dicembre dezembro xii'
                ~ ' grudzien grudnia prosinec prosince aralik joulukuuta decembrie desember des декабря декабрь дек грудня δεκεμβριου',
        ],
        'weekdays': [
            '(mon|tues|wednes|thurs|fri|satur|sun)day|(mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend',
            '(maan|dins|woens|donder|vrij|zater|zon)dag|(lun|mar|mercre|jeu|vendre|same)di|dimanche',
            'lunes|martes|miercoles|jueves|viernes|sabado|domingo|(lune|marte|mercole|giove|vener)di|sabato|domenica',
            '(segunda|terca|quarta|quinta|sexta)([ -]feira)?',
        ],
        'short_weekdays': [
            'mon|tues?|wed|thu|thurs?|fri|sat|sun|mo|di|mi|do|fr|sa|so|ma|wo|vr|za|zo',
            'lun|mer|jeu|ven|sam|dim|mie|jue|vie|dom|gio|sab|seg|ter|qua|qui|sex',
        ],
        'periods': 'q quarter quartal trimestre trim spring summer autumn fall winter',
    }) -}}
{% endmacro %}
