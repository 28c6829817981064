package simulate

// provinceWords are the short names (简称) of the provinces by the first two
// digits of their code, as they stand in document numbers.
var provinceWords = map[string]string{
	"11": "京", "12": "津", "13": "冀", "14": "晋", "15": "蒙", "21": "辽", "22": "吉", "23": "黑",
	"31": "沪", "32": "苏", "33": "浙", "34": "皖", "35": "闽", "36": "赣", "37": "鲁", "41": "豫",
	"42": "鄂", "43": "湘", "44": "粤", "45": "桂", "46": "琼", "50": "渝", "51": "川", "52": "黔",
	"53": "云", "54": "藏", "61": "陕", "62": "甘", "63": "青", "64": "宁", "65": "新",
}

var surnames = []string{
	"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗",
	"梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹", "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕",
}

var syllables = []string{
	"伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀", "霞", "平",
	"刚", "桂", "英", "华", "玉", "兰", "红", "建", "国", "志", "文", "斌", "鑫", "宇", "浩", "凯", "健", "俊", "帆", "雪",
	"琳", "晨", "峰", "佳", "欣", "阳", "波", "辉", "彬", "晶", "博", "诚", "梅", "鹏", "东", "旭", "亮", "龙", "云", "海",
}

// charge is a crime with its group and whether it concerns enterprises (涉企).
type charge struct {
	name, group string
	enterprise  bool
}

var charges = []charge{
	{"盗窃罪", "property", false},
	{"诈骗罪", "property", false},
	{"危险驾驶罪", "public_safety", false},
	{"交通肇事罪", "public_safety", false},
	{"故意伤害罪", "personal_rights", false},
	{"帮助信息网络犯罪活动罪", "public_order", false},
	{"掩饰、隐瞒犯罪所得罪", "public_order", false},
	{"开设赌场罪", "public_order", false},
	{"寻衅滋事罪", "public_order", false},
	{"职务侵占罪", "property", true},
	{"合同诈骗罪", "market_order", true},
	{"虚开增值税专用发票罪", "market_order", true},
	{"走私、贩卖、运输、制造毒品罪", "public_order", false},
	{"强奸罪", "personal_rights", false},
	{"非法吸收公众存款罪", "market_order", true},
}

var dutyCharges = []charge{
	{"受贿罪", "corruption", false},
	{"贪污罪", "corruption", false},
	{"行贿罪", "corruption", true},
	{"滥用职权罪", "dereliction", false},
}

// branchNames are the names of procuratorate branches for prefectures that are
// no city of their own, by the first four digits of the region code.
var branchNames = map[string]string{
	"1101": "北京市人民检察院第一分院", "1201": "天津市人民检察院第一分院", "3101": "上海市人民检察院第一分院",
	"5001": "重庆市人民检察院第一分院", "5002": "重庆市人民检察院第二分院", "4190": "河南省人民检察院济源分院",
	"4290": "湖北省人民检察院汉江分院", "4690": "海南省人民检察院第二分院",
}

var divisionNames = []string{"第一师", "第二师", "第四师", "第六师", "第七师", "第八师"}
