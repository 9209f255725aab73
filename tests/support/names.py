"""Names in the scripts that documents print, with the joined and stacked letters that are hard to set."""

NAMES = {
    "Latin": "Élise Nguyễn Władysław",
    "Greek": "Γιώργος Παπαδόπουλος",
    "Cyrillic": "Жанна Дятлова",
    "Arabic": "فاطمة الزهراء بن علي",
    "Armenian": "Հայկ Պետրոսյան",
    "Bengali": "শ্রীকান্ত চট্টোপাধ্যায়",
    "Devanagari": "श्रीकृष्ण क्षत्रिय",
    "Ethiopic": "አበበ ቢቂላ",
    "Georgian": "გიორგი ბერიძე",
    "Gujarati": "કૃષ્ણા ત્રિવેદી",
    "Gurmukhi": "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
    "Han": "王小明",
    "Hangul": "김민수",
    "Hebrew": "שרה כהן",
    "Kana": "さとう サトウ",
    "Kannada": "ಶ್ರೀನಿವಾಸ್ ಕೃಷ್ಣಮೂರ್ತಿ",
    "Khmer": "សុខ ស្រីមុំ",
    "Lao": "ສົມສັກ ແກ້ວມະນີ",
    "Malayalam": "ശ്രീകുമാർ കൃഷ്ണൻ",
    "Myanmar": "အောင်ဆန်းစုကြည် မြင့်",
    "Oriya": "ଶ୍ରୀକାନ୍ତ ପଟ୍ଟନାୟକ",
    "Sinhala": "ශ්‍රී ලාල් වික්‍රමසිංහ",
    "Tamil": "ஸ்ரீநிவாசன் கிருஷ்ணன்",
    "Telugu": "శ్రీనివాస్ కృష్ణమూర్తి",
    "Thai": "สมชาย น้ำทิพย์",
}

# What a PDF's text has for a letter that no font knows: the glyph 0, which prints as a box.
BOX = "\0"
