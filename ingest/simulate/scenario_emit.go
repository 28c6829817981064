package simulate

import (
	"context"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// sceneMessages is the first message id of scenes; chains stay below it.
const sceneMessages = 1 << 60

// scenes sends the records of all scenarios.
func (e *emitter) scenes(ctx context.Context) error {
	return e.playScenes(func(s *staging) error {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("send scenario %s: %w", s.of.name, err)
		}
		e.id = sceneMessages + s.n<<6
		for i := range s.scene.sheets {
			if err := e.play(ctx, s, i); err != nil {
				return fmt.Errorf("send scenario %s: %w", s.of.name, err)
			}
		}
		return nil
	})
}

// play sends one record of a scene.
func (e *emitter) play(ctx context.Context, s *staging, i int) error {
	x, sent := &s.scene.sheets[i], s.sent[i]
	e.key = append(e.key[:0], x.kind.Name...)
	e.key = append(e.key, "-s"...)
	e.key = strconv.AppendUint(e.key, s.n, 10)
	e.key = append(e.key, '-')
	e.key = strconv.AppendInt(e.key, int64(i), 10)
	e.body.b = e.body.b[:0]
	for p := range x.parts {
		e.body.b = s.write(e.body.b, e.Country, &x.parts[p])
	}
	e.id++
	sender := e.in(s.home, x.by)
	l := letter{
		kind: uint8(x.topic), sender: sender, id: e.id, seq: e.next(sender, uint8(x.topic)), op: "upsert", revision: 1,
		fact: sent.fact, sent: sent.sent, minute: int(e.id * 7 % 360),
	}
	e.value = e.envelope(&l)
	if err := e.put(ctx, uint8(x.topic), e.value); err != nil {
		return err
	}
	if sent.fault == duplicate {
		return e.put(ctx, uint8(x.topic), e.value)
	}
	return nil
}

// write appends one part of a payload.
func (s *staging) write(b []byte, k *Country, p *part) []byte {
	switch p.kind {
	case partDay:
		return (s.base + day(p.n)).append(b)
	case partInstant:
		quoted := appendInstant(b, s.base+day(p.n), p.minute)
		at := len(b)
		copy(quoted[at:], quoted[at+1:])
		return quoted[:len(quoted)-2]
	case partNumber:
		return appendNumber(b, s.number(k, p.n))
	case partQuote:
		return appendQuote(b, quote{of: s.number(k, p.n), how: uint16(s.serial*2654435761>>7 + s.n)})
	case partOrgan:
		return append(b, k.in(s.home, role(p.n)).code...)
	case partRegion:
		return append(b, k.in(s.home, role(p.n)).region...)
	case partName:
		return append(b, s.people[p.n].name...)
	case partSlip:
		return appendOtherName(b, s.people[p.n].name, slips)
	case partHomophone:
		return appendOtherName(b, s.people[p.n].name, homophones)
	case partID:
		return appendIdentity(b, &s.people[p.n], p.form)
	case partBirth:
		return s.people[p.n].birth.append(b)
	case partCounty:
		return append(b, s.people[p.n].county...)
	case partEntry:
		return appendEntry(b, roleSystems[p.owner], p.n)
	case partChoice:
		return append(b, p.choices[(s.serial*40503+s.n)%uint64(len(p.choices))]...)
	}
	return append(b, p.text...)
}

// slips are characters that people take for one another by their shape, and
// homophones those that sound alike (同音); a name with none of them gets its
// last character doubled in meaning by the first pair.
var (
	slips      = map[rune]rune{'明': '朋', '平': '干', '东': '车', '云': '去', '玉': '王', '红': '江', '国': '围', '文': '丈', '海': '每', '亮': '壳'}
	homophones = map[rune]rune{'伟': '玮', '芳': '方', '敏': '闵', '静': '婧', '丽': '莉', '磊': '雷', '军': '君', '洋': '阳', '勇': '永', '杰': '捷', '娟': '涓', '涛': '滔', '华': '桦', '建': '健', '志': '智', '斌': '彬', '浩': '皓', '凯': '恺', '峰': '锋', '辉': '晖', '博': '勃', '诚': '成', '梅': '玫', '亮': '谅', '英': '瑛', '宇': '雨', '佳': '嘉', '欣': '心', '晶': '菁', '旭': '序', '龙': '隆'}
)

// appendOtherName writes a name with its last replaceable character replaced;
// where there is none, the last character becomes 某 as clerks write it.
func appendOtherName(b []byte, name string, other map[rune]rune) []byte {
	at, with := len(name)-utf8.RuneLen('某'), '某'
	for i, c := range name {
		if r, ok := other[c]; ok && i > 0 {
			at, with = i, r
		}
	}
	_, width := utf8.DecodeRuneInString(name[at:])
	b = append(b, name[:at]...)
	b = utf8.AppendRune(b, with)
	return append(b, name[at+width:]...)
}
