"""What no text of ours says to somebody who did not ask for it, in any language."""

import re

NEVER = re.compile(
    r"(?i)prostit|hoer(?!en)|escort|slachtoffer|victim|mensenhandel|traffick|uitbuit|exploited"
    r"|uitstap|exit program|\bdaders?\b|offender|schuldig|guilt|zedenpolitie"
    r"|víctima|vítima|trata de personas|tráfico de (?:personas|pessoas|seres)|explotad|explorad"
    r"|programas? de (?:salida|saída)|\bculpab|\bculpad|delincuente|criminoso"
    r"|trafic de persoane|exploatat|program\w* de ieșire|vinovat|infractor"
    r"|проститу|жертв|трафик на \w+|експлоат|програм\w* за (?:изход|напускане)|виновн"
    r"|áldozat|emberkereskedel|kizsákmányol|kilépési program|kiléptető|bűnös|elkövető"
)
"""Nothing judges the work, equates it with a crime, or names what nobody asked for."""
