"""Words and marks by which pages that stand in for a source are known, in several languages.

All words are folded (lower case, straight quotes) and matched as they stand. A sign by itself
decides nothing: `verdicts` says where it must stand and how much else may stand beside it.
"""

import re
from collections.abc import Iterable


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def found(sign: re.Pattern[str], texts: Iterable[str]) -> bool:
    """Tell whether any of these texts has the sign."""
    return any(sign.search(text) for text in texts)


# "This page is not here": in a title, a heading or the first lines.
NOT_HERE = _any(
    r"\b(?:error|http|code|fehler|erreur|errore|erro|código|código de estado)\W{0,3}(?:404|410)\b",
    r"^\W*(?:404|410)\b",
    r"\b404\W+(?:error|not found|page|página|seite|pagina)",
    r"\bpage (?:was |is |could |can )?(?:not|n't|cannot|can't|couldn't) (?:be )?(?:found|exist|available)",
    r"\bpage (?:not found|doesn't exist|does not exist|no longer exists|is missing|unavailable)",
    r"\bpage (?:is |may be |has been )?(?:no longer|not) available",
    r"\b(?:can't|cannot|couldn't|could not|unable to|didn't|did not) (?:find|locate) (?:the|that|this|your|what)\b",
    r"\b(?:page|article|story|document|file|content|link|resource|item|record|url|address)"
    r" (?:that )?(?:you(?:'re| are| were|'ve)?|we(?:'re)?)? ?(?:requested|asked for|looking for|"
    r"followed|clicked|entered|trying to)",
    r"\b(?:page|article|story|document|file|content|record|item)"
    r" (?:has been|was|is|have been|may have been|might have been)"
    r" (?:since )?(?:removed|moved|deleted|taken down|withdrawn|archived|retired|unpublished)",
    r"\b(?:nothing|not) (?:was )?found\b(?: here)?",
    r"\bno longer (?:available|exists|here|published|online|live|on (?:this|our) (?:site|website))",
    r"\bdoes(?:n't| not) exist\b",
    r"\b(?:moved or (?:been )?deleted|removed or renamed|expired link|broken link|dead link)\b",
    # Spanish
    r"\b(?:página|pagina|contenido|artículo|articulo|documento|archivo|enlace|nota|noticia)"
    r"(?: \w+){0,6} no (?:se )?(?:ha(?: sido)? )?"
    r"(?:encontrad|encuentra|existe|está disponible|esta disponible|disponible|pudo|pudimos)",
    r"\bno (?:se )?(?:ha(?:n|mos)? |pudimos |pudo |podemos |puede )?(?:sido )?"
    r"(?:encontr|hall|localiz)\w*(?: \w+){0,3} "
    r"(?:página|pagina|contenido|artículo|documento|archivo|que buscas?)",
    r"\bya no (?:existe|está|esta|se encuentra)",
    r"\bpágina no (?:encontrada|disponible|existe)",
    r"\b(?:fue|ha sido) (?:eliminad|borrad|retirad|movid)[oa]",
    # French
    r"\bpage (?:\w+ ){0,5}(?:introuvable|inexistante|n'existe (?:pas|plus)|n'est (?:pas|plus) "
    r"(?:disponible|accessible)|non trouvée|est indisponible)",
    r"\b(?:contenu|article|document|fichier|lien) (?:\w+ ){0,5}"
    r"(?:n'existe (?:pas|plus)|introuvable|n'est plus|a été (?:supprimé|retiré|déplacé))",
    r"\ba été (?:supprimée?|retirée?|déplacée?)\b",
    # German
    r"\b(?:seite|artikel|dokument|inhalt|datei|beitrag)(?: \w+){0,6} (?:nicht (?:gefunden|vorhanden|"
    r"mehr verfügbar|verfügbar|mehr vorhanden)|existiert nicht|gelöscht|entfernt|gibt es nicht)",
    r"\bseite nicht (?:gefunden|verfügbar)|\bnicht (?:mehr )?(?:auffindbar|verfügbar|gefunden)\b",
    # Portuguese
    r"\b(?:página|conteúdo|artigo|documento|arquivo|notícia)(?: \w+){0,6} não (?:foi )?"
    r"(?:encontrad|existe|está|pôde)|\bnão (?:foi possível )?encontr\w+",
    r"\b(?:foi|foram) (?:removid|excluíd|apagad)[oa]s?\b",
    # Italian
    r"\b(?:pagina|contenuto|articolo|documento|file)(?: \w+){0,6} (?:non (?:è stat[oa] )?"
    r"(?:trovat|esiste|è (?:più )?(?:disponibile|presente))|è stat[oa] (?:rimoss|spostat|eliminat))",
    r"\bpagina non trovata",
    # Dutch
    r"\bpagina (?:\w+ ){0,4}(?:niet (?:gevonden|beschikbaar)|bestaat niet)",
    # Chinese, Korean, Japanese, Vietnamese, Tagalog
    r"(?:页面|網頁|网页|頁面|文章|内容|內容)\w{0,8}(?:不存在|未找到|找不到|已(?:被)?(?:删除|刪除|移除))",
    r"找不到(?:此|该|該|您|相关)?\w{0,6}(?:页面|網頁|网页|頁面)",
    r"페이지를 찾을 수 없|존재하지 않는 페이지|삭제된 (?:페이지|기사)",
    r"ページ(?:が|は)\w{0,4}見つかりません",
    r"không tìm thấy (?:trang|nội dung)|trang (?:\w+ ){0,4}không (?:tồn tại|tìm thấy)",
    r"hindi (?:nahanap|matagpuan|makita) ang pahina",
)
# The name of a site that nobody uses any more.
PARKED = _any(
    r"\b(?:buy|purchase|acquire|own) (?:this|the) domain",
    r"\bdomain (?:name )?(?:\S+ )?(?:is|may be|could be|might be) (?:for sale|available|parked)",
    r"\b(?:this|the) (?:domain|web ?site|site)(?: name)? (?:is|has been) (?:parked|registered)",
    r"\bdomain (?:has )?expired|\bexpired domain|\bparked (?:free|domain|page)|\bdomain parking",
    r"\b(?:este )?dominio (?:está |esta )?(?:en venta|a la venta|aparcado|caducado|expirado)",
    r"\b(?:nom de )?domaine (?:est )?(?:à vendre|en vente|expiré)",
    r"\bdomain (?:steht zum verkauf|zu verkaufen|ist geparkt)",
    r"\bdomínio (?:está )?à venda|\bdominio in vendita",
)
LOGIN = _any(
    r"\b(?:sign|log) ?in\b",
    r"\b(?:please|must|need to|required to) (?:first )?(?:log|sign|authenticate)",
    r"\bforgot (?:your )?password|\bremember me\b|\busername\b",
    r"\biniciar? sesión|\binicia sesión|\bacceder a (?:su|tu) cuenta|\bcontraseña\b|\bidentifícate",
    r"\b(?:se connecter|connectez-vous|identifiez-vous|connexion|mot de passe)\b",
    r"\b(?:anmelden|einloggen|anmeldung|passwort|kennwort)\b",
    r"\b(?:fazer login|entrar na sua conta|inicie sessão|senha|palavra-passe)\b",
    r"\b(?:accedi|effettua l'accesso)\b|\b(?:inloggen|wachtwoord)\b",
    r"登录|登錄|登入|로그인|ログイン|đăng nhập",
)
PAYWALL = _any(
    r"\b(?:subscribe|register|sign up|join|become a (?:member|subscriber))\b(?: \w+){0,4}"
    r" to (?:keep|continue|read|unlock|access|view|get|finish|see)",
    r"\bto (?:keep|continue) reading\b|\bcontinue reading (?:this|with|by)|\bkeep reading (?:this|with|by)",
    r"\b(?:this|the)(?: \w+){0,3} (?:article|story|content|post|report|page) is"
    r" (?:\w+ ){0,2}(?:for|available to|reserved for|exclusive to|limited to|only for)"
    r"(?: \w+){0,3} (?:subscribers|members|paying)",
    r"\b(?:subscriber|member)s?[- ](?:only|exclusive)|\bfor subscribers only|\bonly for (?:subscribers|members)",
    r"\balready (?:a|an) (?:\w+ )?(?:subscriber|member)|\b(?:reached|used)(?: \w+){0,3} "
    r"(?:limit of free|free (?:articles|stories|limit)|article limit)",
    r"\b(?:unlock|read) (?:this|the (?:full|whole|rest)|unlimited)(?: \w+){0,4} (?:article|story|access|for)",
    r"\b(?:start|begin) your (?:\w+ )?(?:trial|subscription)|\bsubscribe (?:now|today) (?:for|and|to)",
    r"\b(?:suscríbe(?:te|se)|suscribirse|regístrate|hazte suscriptor)(?: \w+){0,5} para"
    r" (?:seguir|leer|continuar|acceder)",
    r"\bpara (?:seguir|continuar) leyendo|\b(?:exclusiv[oa]|solo|sólo|únicamente|reservad[oa])"
    r" (?:para )?(?:nuestros )?(?:suscriptores|abonados|socios)",
    r"\bya eres suscriptor|\bcontenido para suscriptores",
    r"\b(?:réservée?s?|exclusi\w+) (?:à nos |aux |pour (?:les|nos) )abonnés|\babonnez-vous\b",
    r"\bpour (?:lire la suite|continuer (?:la|votre) lecture)|\bdéjà abonné",
    r"\b(?:weiterlesen|weiter lesen) mit|\b(?:nur|exklusiv) für (?:\w+ )?(?:abonnent|mitglieder)",
    r"\b(?:jetzt|hier) (?:abonnieren|freischalten)|\bbereits (?:\w+ )?abonnent|\babo (?:abschließen|testen)",
    r"\b(?:conteúdo |matéria )?exclusiv[oa] para assinantes|\bpara continuar (?:a )?lendo|\bjá é assinante",
    r"\bassine (?:\w+ ){0,3}para|\bcontenuto (?:riservato|esclusivo)|\briservato agli abbonati"
    r"|\babbonati per (?:continuare|leggere)",
    r"订阅后|仅限(?:订阅|会员)|구독(?:자|하)",
)
BOT_WALL = _any(
    r"\b(?:verify|verifying|confirm|prove|check|checking)(?: that| if)? (?:you(?:'re| are)?|you may be)"
    r"(?: \w+){0,3} (?:human|robot|bot|person)",
    r"\b(?:are you|you are|you're|i'm|i am) (?:not )?(?:a )?(?:robot|human|bot)\b",
    r"\bchecking (?:your browser|if the site connection is secure|the security of)",
    r"\b(?:just a moment|one moment|please wait)(?:\.\.\.| while)",
    r"\benable (?:javascript and cookies|cookies and javascript) to continue",
    r"\b(?:unusual|suspicious|automated|abnormal) (?:traffic|activity|requests|access|behaviou?r)",
    r"\b(?:complete|solve|pass|finish)(?: \w+){0,3} (?:captcha|challenge|security check|puzzle)|\bcaptcha\b",
    r"\b(?:security|human|browser|bot) (?:check|verification|challenge)\b",
    r"\b(?:access denied|request blocked|you have been blocked|has been blocked|been denied)\b",
    r"\b(?:request|access)(?: \w+){0,4} (?:blocked|denied|rejected) by|\bray id\b|\bincident id\b"
    r"|\bsupport id is\b|\breference #\d",
    r"\bpress (?:&|and) hold\b",
    r"\b(?:verificar?|verifique|verifica|comprob\w+|confirm\w+|demuestr\w+)(?: \w+){0,4}"
    r" (?:humano|humana|robot|persona|navegador)",
    r"\bno (?:eres|es usted|soy) un robot|\btráfico inusual|\bactividad (?:inusual|sospechosa)",
    r"\bacceso (?:denegado|bloqueado)",
    r"\b(?:vérifi\w+|confirm\w+|prouv\w+)(?: \S+){0,5} (?:humain|robot|navigateur)|\bpas un robot",
    r"\baccès (?:refusé|bloqué|interdit)|\btrafic inhabituel",
    r"\b(?:bestätig\w+|überprüf\w+|prüf\w+)(?: \w+){0,6} (?:mensch|roboter|browser)\b|\bkein roboter",
    r"\bzugriff (?:verweigert|gesperrt)|\bungewöhnliche\w* (?:aktivität|datenverkehr)",
    r"\b(?:verific\w+|confirm\w+)(?: \w+){0,5} (?:humano|robô|umano|robot|navegador)"
    r"|\bnão (?:é|sou) um robô|\bnon sei un robot|\bacesso negado|\baccesso negato",
    r"人机验证|安全验证|机器人|로봇이 아닙|ロボットではありません",
)
BOT_MARKUP = _any(
    r"cf-(?:chl|challenge|turnstile|browser-verification|error-details)|challenge-platform",
    r"(?:^|\W)(?:g-recaptcha|h-captcha|hcaptcha|recaptcha|funcaptcha|arkoselabs)",
    r"px-captcha|perimeterx|captcha-delivery|datadome|_incapsula_|incapsula|distil_|akam[-/]|sec-if-cpt",
    r"challenge-form|bot-?(?:check|wall|challenge)|human-?(?:check|challenge|verification)",
)
CONSENT = _any(
    r"\b(?:before you continue|we (?:value|respect|care about) your privacy|your privacy (?:choices|matters))",
    r"\b(?:accept|reject|allow|manage|decline|agree to)(?: \w+){0,2} (?:cookies|all|choices|preferences|consent)\b",
    r"\b(?:we and our|our) (?:\d+ )?partners\b|\blegitimate interest|\bcookie (?:policy|settings|consent|preferences)",
    r"\buse cookies\b|\bconsent\b",
    r"\bantes de continuar|\b(?:aceptar|rechazar|gestionar)(?: \w+){0,3} (?:cookies|todo|todas)|\bsu privacidad"
    r"|\btu privacidad|\bconsentimiento\b|\bnuestros socios",
    r"\bavant de (?:continuer|poursuivre)|\b(?:accepter|refuser)(?: \w+){0,3} (?:cookies|tout)|\bvotre vie privée"
    r"|\bconsentement\b|\bnos partenaires",
    r"\bbevor sie fortfahren|\b(?:alle )?(?:cookies )?(?:akzeptieren|ablehnen|zustimmen)\b|\bihre privatsphäre"
    r"|\beinwilligung\b|\bunsere partner",
    r"\b(?:aceitar|rejeitar)(?: \w+){0,3} (?:cookies|tudo|todos)|\bsua privacidade|\bconsentimento\b",
    r"\b(?:accetta|rifiuta)(?: \w+){0,3} (?:cookie|tutto|tutti)|\btua privacy|\bconsenso\b",
)
NEEDS_SCRIPTS = _any(
    r"\b(?:enable|turn on|requires?|needs?|need to enable|without|activate) (?:\w+ ){0,2}javascript",
    r"\bjavascript (?:\w+ ){0,5}(?:enabled?|required|disabled|turned off|to run|to view|activado|activé|aktivier)",
    r"\b(?:active|activar|activa|habilit\w+|necesita\w*|requiere) (?:\w+ ){0,2}javascript",
    r"\b(?:activer|activez|nécessite) (?:\w+ ){0,2}javascript|\bjavascript (?:\w+ ){0,3}aktivieren"
    r"|\b(?:ative|ativar|abilit\w+|attiva\w*|richiede) (?:\w+ ){0,2}javascript",
)
SHELL = _any(
    r"^(?:\W*(?:loading|please wait|cargando|chargement|wird geladen|laden|carregando|caricamento|"
    r"un momento|espere|veuillez patienter|bitte warten|加载中|로딩 ?중)\W*)+$"
)
REGION = _any(
    r"\b(?:not|un|isn't|no longer|longer)(?: )?(?:currently )?(?:available|accessible|offered|shown)"
    r"(?: \w+){0,3} (?:in|from|to|for)(?: \w+){0,3} (?:your|this|the)(?: \w+){0,3} "
    r"(?:country|region|location|territory|area|jurisdiction|eu\b|europe)",
    r"\b(?:your|this|from your) (?:country|region|location|territory)(?: \w+){0,4} "
    r"(?:not|isn't|blocked|restricted|unable|denied|unavailable)",
    r"\b(?:visitors|users|readers|people|access)(?: \w+){0,4} (?:from|in|outside)(?: \w+){0,5}"
    r" (?:european (?:union|economic)|eu\b|eea\b|europe|united states|u\.s\.|country)",
    r"\beuropean economic area\b|\bgdpr\b|\bgeo-?(?:block|restrict)",
    r"\bunavailable (?:for legal reasons|due to (?:legal|regional))",
    r"\bno (?:está |esta |se encuentra )?disponible (?:\w+ ){0,3}(?:en|para|desde) (?:su|tu|esta|este)"
    r" (?:país|pais|región|region|ubicación|zona|territorio)",
    r"\b(?:su|tu|este) (?:país|región|ubicación) (?:\w+ ){0,3}(?:no |bloque|restring)",
    r"\b(?:pas|plus|n'est) (?:pas )?(?:disponible|accessible) (?:dans|depuis|pour) (?:votre|ce|cette)"
    r" (?:pays|région|zone)|\bindisponible dans (?:votre|ce)",
    r"\bin (?:ihrem|ihrer|diesem|diese[rm]) (?:land|region|gebiet)(?: \w+){0,3} nicht"
    r"|\bnicht (?:\w+ )?in (?:ihrem|ihrer|diesem) (?:land|region)",
    r"\bnão (?:está )?disponível (?:\w+ )?(?:em|no|na|para) (?:seu|sua|este|esta) (?:país|região)",
    r"\bnon (?:è )?disponibile (?:\w+ )?(?:nel|nella|in) (?:tuo|tua|suo|questo|questa) (?:paese|regione|area)",
    r"您所在的?(?:地区|国家)|귀하의 (?:국가|지역)",
)
RATE = _any(
    r"\btoo many requests\b|\brate[- ]limit|\bslow down\b.{0,60}\brequests|\brequest limit (?:reached|exceeded)",
    r"\bdemasiadas (?:solicitudes|peticiones)|\btrop de requêtes|\bzu viele (?:anfragen|zugriffe)"
    r"|\bmuitas (?:solicitações|requisições)|\btroppe richieste|请求过(?:多|于频繁)|요청이 너무 많",
)
BROKEN_SERVER = _any(
    r"\b(?:500|502|503|504)\W+(?:internal|bad gateway|service|gateway|server|error)",
    r"\b(?:internal server error|bad gateway|service unavailable|gateway time-?out)\b",
    r"\berror establishing a database connection|\btemporarily (?:unavailable|down|offline|out of service)",
    r"\b(?:down for|undergoing|under|scheduled) (?:\w+ )?maintenance|\bwe'?(?:ll| will) be (?:right )?back",
    r"\b(?:technical difficulties|something went wrong|unexpected error|application error)\b",
    r"\ben mantenimiento|\berror interno del servidor|\bfuera de servicio|\bvolveremos (?:pronto|en)",
    r"\ben (?:cours de )?maintenance|\berreur interne|\bwartungsarbeiten|\binterner serverfehler",
    r"\bem manutenção|\berro interno|\bin manutenzione|\berrore interno",
)
