// Package linktest owns a small population with known truth for the tests of
// linkage. It promises the same records for the same seed, with the errors that
// clerks make: missing, mistyped and lent numbers, homophones, missing births.
// Product packages never import it.
package linktest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"hengjian/jobs/link/record"
	"hengjian/warehouse/contract/identifier"
)

// Population makes records of persons; truth is the person of each record.
func Population(records int, seed uint64) (raws []record.Raw, truth []uint64) {
	r := rand.New(rand.NewPCG(seed, 7))
	pick := func(s []rune) string { return string(s[r.IntN(len(s))]) }
	surnames, given := []rune("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"), []rune("伟强军勇杰磊涛斌鹏辉明刚平超亮建国华志文玮炜桀雷")
	counties := []string{"330106", "330108", "110101", "440103", "510104", "610113"}
	last := ""
	for person := uint64(1); len(raws) < records; person++ {
		birth := time.Date(1960+r.IntN(45), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC)
		name, county, sex := pick(surnames)+pick(given)+pick(given), counties[r.IntN(len(counties))], r.IntN(2)
		if r.IntN(10) == 0 {
			far := []string{"买买提", "吐尔逊", "玉素甫", "亚森", "古丽"}
			name = far[r.IntN(5)] + "·" + far[r.IntN(5)]
		}
		number := identifier.NewResidentID(county, birth, r.IntN(450)*2+1-sex)
		phone, address := fmt.Sprintf("138%08d", r.IntN(1e8)), fmt.Sprintf("解放路%d号%d室", r.IntN(300), r.IntN(30))
		cited := ""
		for k := range 1 + r.IntN(7) {
			if len(raws) == records {
				break
			}
			one := record.Raw{
				Key: uint64(len(raws) + 1), Sender: "gongan", Kind: "k", DocumentType: "111", Number: number, Name: name, Sex: fmt.Sprint(1 + sex),
				Birth: birth.Format(time.DateOnly), Region: county, Phone: phone, Address: address, OrganRegion: county, Own: fmt.Sprintf("P%dK%d", person, k), Cited: cited,
			}
			spoil(r, &one, last)
			if one.Number != "" {
				last = one.Number
			}
			if cited = one.Own; r.IntN(5) == 0 {
				cited = ""
			}
			raws, truth = append(raws, one), append(truth, person)
		}
	}
	return raws, truth
}

// spoil makes the errors of clerks.
func spoil(r *rand.Rand, one *record.Raw, last string) {
	chance := func(percent int) bool { return r.IntN(100) < percent }
	if chance(15) {
		one.Number, one.DocumentType = "", ""
	} else if chance(5) {
		b := []byte(one.Number)
		at := r.IntN(16)
		switch r.IntN(4) {
		case 0:
			b[at], b[at+1] = b[at+1], b[at]
		case 1:
			b = append(b[:at], b[at+1:]...)
		case 2:
			b[at], b[(at*7+3)%17] = byte('0'+r.IntN(10)), byte('0'+r.IntN(10))
		default:
			b[at] = byte('0' + r.IntN(10))
		}
		one.Number = string(b)
	} else if chance(1) && last != "" {
		one.Number = last
	}
	if chance(5) {
		runes := []rune(one.Name)
		switch at := r.IntN(3); {
		case at == 0 && len(runes) > 4:
			one.Name = strings.NewReplacer("买买提", "麦麦提", "吐尔逊", "图尔荪", "·", "•").Replace(one.Name)
		case at == 1:
			runes[1], runes[2] = runes[2], runes[1]
			one.Name = string(runes)
		default:
			runes[2] = []rune("玮炜桀雷伟杰磊")[r.IntN(7)]
			one.Name = string(runes)
		}
	}
	if chance(15) {
		one.Birth = ""
	} else if chance(12) {
		day, _ := time.Parse(time.DateOnly, one.Birth)
		one.Birth = []string{one.Birth[:4], day.AddDate(0, 0, 3+r.IntN(60)).Format(time.DateOnly), day.AddDate(1, 0, 0).Format(time.DateOnly), one.Birth[:4] + "-01-01", day.AddDate(0, 1, 10).Format(time.DateOnly)}[r.IntN(5)]
	}
	if chance(50) {
		one.Phone = ""
	}
	if chance(40) {
		one.Address = ""
	}
	if chance(10) {
		one.Region = ""
	}
}
