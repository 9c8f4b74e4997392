// A C interface to Google's libphonenumber (C++): the few functions that reading a telephone number needs.
#ifndef CPHONENUMBER_H
#define CPHONENUMBER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// What libphonenumber says about a number.
typedef enum sms_phone_result {
    // Its length is possible in its country.
    SMS_PHONE_POSSIBLE = 0,
    // No country code that exists.
    SMS_PHONE_UNKNOWN_COUNTRY_CODE = 1,
    // Shorter than every number of its country.
    SMS_PHONE_TOO_SHORT = 2,
    // Longer than every number of its country.
    SMS_PHONE_TOO_LONG = 3,
    // Between the lengths that its country has.
    SMS_PHONE_INVALID_LENGTH = 4,
    // Possible only when it is dialled within its area.
    SMS_PHONE_LOCAL_ONLY = 5,
    // Nothing in it can be read as a number.
    SMS_PHONE_NOT_A_NUMBER = 6,
} sms_phone_result;

// A number, read.
typedef struct sms_phone_number {
    // The country code, as 1 or 44; 0 when there is none.
    int32_t country_code;
    // How many bytes of `digits` are used.
    int32_t count;
    // Country code and national number in ASCII digits, without +, not terminated. Empty when it is not a number.
    char digits[32];
    // Whether it is more than possible: its digits lie in a range that its country has handed out.
    int32_t is_valid;
} sms_phone_number;

// Reads an international number: UTF-8 that begins with + (in any of its forms). Thread-safe.
//
// `wants_validity` also fills `is_valid`, which takes longer.
sms_phone_result sms_phone_read(const char *text, size_t length, int32_t wants_validity, sms_phone_number *out);

#ifdef __cplusplus
}
#endif

#endif
