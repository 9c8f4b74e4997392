#include "CPhoneNumber.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <set>
#include <string>

#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

namespace {

sms_phone_result Verdict(PhoneNumberUtil::ValidationResult result) {
    switch (result) {
        case PhoneNumberUtil::IS_POSSIBLE: return SMS_PHONE_POSSIBLE;
        case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY: return SMS_PHONE_LOCAL_ONLY;
        case PhoneNumberUtil::INVALID_COUNTRY_CODE: return SMS_PHONE_UNKNOWN_COUNTRY_CODE;
        case PhoneNumberUtil::TOO_SHORT: return SMS_PHONE_TOO_SHORT;
        case PhoneNumberUtil::TOO_LONG: return SMS_PHONE_TOO_LONG;
        case PhoneNumberUtil::INVALID_LENGTH: return SMS_PHONE_INVALID_LENGTH;
    }
    return SMS_PHONE_NOT_A_NUMBER;
}

sms_phone_result Verdict(PhoneNumberUtil::ErrorType error) {
    switch (error) {
        case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR: return SMS_PHONE_UNKNOWN_COUNTRY_CODE;
        case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
        case PhoneNumberUtil::TOO_SHORT_NSN: return SMS_PHONE_TOO_SHORT;
        case PhoneNumberUtil::TOO_LONG_NSN: return SMS_PHONE_TOO_LONG;
        default: return SMS_PHONE_NOT_A_NUMBER;
    }
}

// The library, asked once.
struct Library {
    const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
    std::array<bool, 1000> is_country_code{};

    Library() {
        std::set<int> codes;
        util->GetSupportedCallingCodes(&codes);
        for (int code : codes) is_country_code[code] = true;
    }
};

const Library &library() {
    static const Library instance;
    return instance;
}

// With which first digits, besides 0, a national number may carry something that is not dialled from abroad, or is rewritten:
// all countries whose rule (`national_prefix_for_parsing` of libphonenumber 8.12.57) can begin with another digit than 0.
struct Exception {
    int country_code;
    const char *first_digits;
};
constexpr Exception kExceptions[] = {
    {1, "1"},   {7, "8"},   {52, "1"},  {54, "123456789"}, {55, "9"},   {61, "1"},  {86, "1"}, {261, "2456789"}, {298, "1"},
    {352, "1"}, {370, "8"}, {375, "8"}, {378, "89"},       {423, "1"},  {506, "1"}, {672, "1258"}, {692, "1"},   {993, "8"},
    {998, "8"},
};

bool IsTakenAsItStands(int country_code, char first_digit) {
    if (first_digit == '0') return false;
    for (const Exception &exception : kExceptions) {
        if (exception.country_code == country_code) return std::strchr(exception.first_digits, first_digit) == nullptr;
    }
    return true;
}

// Takes a number apart that is + and digits alone, where nothing in it is to be taken away. `Parse` says the same (a test
// compares them), at thirty times the cost: it matches half a dozen regular expressions.
bool TakeAsItStands(const char *text, size_t length, PhoneNumber *number) {
    constexpr size_t kLongestNational = 17;
    if (length < 4 || text[0] != '+' || text[1] == '0') return false;
    const char *digits = text + 1;
    const char *end = text + length;
    if (!std::all_of(digits, end, [](char c) { return c >= '0' && c <= '9'; })) return false;
    int code = 0;
    for (int count = 1; count <= 3 && digits + count + 1 < end; count++) {
        code = code * 10 + (digits[count - 1] - '0');
        if (!library().is_country_code[code]) continue;
        const char *national = digits + count;
        if (end - national > static_cast<ptrdiff_t>(kLongestNational) || !IsTakenAsItStands(code, *national)) return false;
        number->set_country_code(code);
        number->set_national_number(std::stoull(std::string(national, end)));
        return true;
    }
    return false;
}

// Whether a number is possible, which depends on its country code and on how many digits follow alone: each pair is asked
// about once, since the library makes a list of a code's countries each time (25 for +1).
sms_phone_result Possible(const PhoneNumber &number, size_t national_length) {
    constexpr size_t kLengths = 18;
    static std::array<std::atomic<int>, 1000 * kLengths> known{};
    const auto ask = [&number] { return Verdict(library().util->IsPossibleNumberWithReason(number)); };
    const size_t code = number.country_code();
    if (code >= 1000 || national_length >= kLengths) return ask();
    std::atomic<int> &place = known[code * kLengths + national_length];
    // 0 is a pair not asked about yet.
    const int known_already = place.load(std::memory_order_relaxed);
    if (known_already != 0) return static_cast<sms_phone_result>(known_already - 1);
    const sms_phone_result result = ask();
    place.store(result + 1, std::memory_order_relaxed);
    return result;
}

}  // namespace

sms_phone_result sms_phone_read(const char *text, size_t length, int32_t wants_validity, sms_phone_number *out) {
    std::memset(out, 0, sizeof *out);
    // The library throws nothing of its own; what the standard library throws must not reach C.
    try {
        const PhoneNumberUtil *const util = library().util;
        PhoneNumber number;
        if (!TakeAsItStands(text, length, &number)) {
            // ZZ is not a country: without one, only international numbers can be read.
            const PhoneNumberUtil::ErrorType error = util->Parse(std::string(text, length), "ZZ", &number);
            if (error != PhoneNumberUtil::NO_PARSING_ERROR) return Verdict(error);
            if (number.has_extension()) return SMS_PHONE_NOT_A_NUMBER;
        }
        std::string national;
        util->GetNationalSignificantNumber(number, &national);
        const std::string digits = std::to_string(number.country_code()) + national;
        if (digits.size() > sizeof out->digits) return SMS_PHONE_TOO_LONG;
        out->country_code = number.country_code();
        out->count = static_cast<int32_t>(digits.size());
        std::memcpy(out->digits, digits.data(), digits.size());
        if (wants_validity) {
            out->is_valid = util->IsValidNumber(number) ? 1 : 0;
            return Verdict(util->IsPossibleNumberWithReason(number));
        }
        return Possible(number, national.size());
    } catch (...) {
        return SMS_PHONE_NOT_A_NUMBER;
    }
}
