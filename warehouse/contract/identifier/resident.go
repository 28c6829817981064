// Package identifier owns the numbers that people and departments use: resident
// identity numbers, case and document numbers, region codes. It promises that a
// canonical form is the same for every typed variant and that reading it again
// changes nothing. It never stores or logs a number and never guesses a digit.
package identifier

import (
	"strconv"
	"time"
)

// Fault says why a resident identity number is not one.
type Fault uint8

// The faults of a resident identity number.
const (
	Sound         Fault = iota // nothing wrong
	BadForm                    // not 15 digits, nor 17 digits with a digit or X
	BadBirth                   // the digits of the birth are no day
	BadCheckDigit              // the last place does not fit the others
)

// ResidentID is a resident identity number (公民身份号码) in its parts.
type ResidentID struct {
	Number string // 18 places
	Region string // 地址码 of the first registration
	Birth  time.Time
	Sex    string // male or female
	Legacy bool   // was given in the old form of 15 places
}

const (
	idLength  = 18
	oldLength = 15
)

var weights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// ParseResidentID reads 18 places, or 15 places which it upgrades with 19 in
// front of the year. Wide digits and a small x are taken. On BadCheckDigit the
// parts are filled in all the same.
func ParseResidentID(s string) (ResidentID, Fault) {
	var b [idLength]byte
	n := 0
	for _, c := range s {
		if c = fold(c); c == omitted {
			continue
		}
		if n == idLength || !(c >= '0' && c <= '9' || c == 'X' && n == idLength-1) {
			return ResidentID{}, BadForm
		}
		b[n] = byte(c)
		n++
	}
	legacy := n == oldLength
	if legacy {
		copy(b[8:17], b[6:15])
		b[6], b[7] = '1', '9'
		b[17] = checkDigit(b[:17])
	} else if n != idLength {
		return ResidentID{}, BadForm
	}
	number := string(b[:])
	birth, err := time.ParseInLocation("20060102", number[6:14], time.UTC)
	if err != nil {
		return ResidentID{}, BadBirth
	}
	id := ResidentID{Number: number, Region: number[:6], Birth: birth, Sex: "female", Legacy: legacy}
	if (b[16]-'0')%2 == 1 {
		id.Sex = "male"
	}
	if checkDigit(b[:17]) != b[17] {
		return id, BadCheckDigit
	}
	return id, Sound
}

// NewResidentID makes a number of its parts; serial is 0 to 999, odd for men.
func NewResidentID(region string, birth time.Time, serial int) string {
	b := make([]byte, 0, idLength)
	b = append(b, region...)
	b = birth.AppendFormat(b, "20060102")
	b = append(b, strconv.Itoa(1000 + serial%1000)[1:]...)
	return string(append(b, checkDigit(b)))
}

// checkDigit computes the last place from the 17 digits in front of it.
func checkDigit(first []byte) byte {
	sum := 0
	for i, w := range weights {
		sum += w * int(first[i]-'0')
	}
	return "10X98765432"[sum%11]
}
